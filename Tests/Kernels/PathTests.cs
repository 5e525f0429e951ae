using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class PathTests(string deviceName) : DeviceTests(deviceName)
{
    [TestCase(5, 131), TestCase(7, 1), TestCase(1, 37), TestCase(3, 64), TestCase(0, 5), TestCase(4, 0)]
    [TestCase(4, 3 * 35, 35), TestCase(2, 2 * 129, 129), TestCase(3, 5, 5), TestCase(1, 6 * 7, 7)]
    public void Both_agree_with_the_definition(int steps, int size, int each = 1)
    {
        var rng = new Random(1);
        double[] x = Draw.Uniform(rng, size), baseline = Draw.Uniform(rng, size), alphas = Draw.Uniform(rng, steps * each, 0, 1), weights = Draw.Uniform(rng, steps), values = Draw.Uniform(rng, steps * size);
        double[] points = new double[steps * size], sum = new double[size];
        for (int i = 0; i < steps; i++)
            for (int j = 0; j < size; j++)
            {
                points[i * size + j] = baseline[j] + alphas[i * each + j % each] * (x[j] - baseline[j]);
                sum[j] += weights[i] * values[i * size + j];
            }
        ArrayView<float> onPoints = Fresh(points.Length), onSum = Fresh(size);
        Device.Path.Interpolate(On(x), On(baseline), On(alphas), onPoints, steps);
        Device.Path.WeightedSum(On(values), On(weights), onSum);
        Close.Check(points, Read(onPoints), 2e-7, 2e-7, "points");
        Close.Check(sum, Read(onSum), 3e-7, 3e-7, "sum");
    }

    [Test]
    public void The_weighted_sum_is_the_adjoint_of_interpolation_from_zeros()
    {
        double[] x = Draw.Uniform(new Random(2), 43), alphas = Draw.Uniform(new Random(3), 5), y = Draw.Uniform(new Random(4), 5 * 43);
        ArrayView<float> points = Fresh(y.Length), sum = Fresh(x.Length);
        Device.Path.Interpolate(On(x), On(new double[43]), On(alphas), points, 5);
        Device.Path.WeightedSum(On(y), On(alphas), sum);
        Adjoint.Check(Read(points), y, x, Read(sum));
    }

    [Test]
    public void A_mask_of_ones_and_zeros_keeps_the_bits_of_both()
    {
        double[] x = Draw.Uniform(new Random(5), 2 * 53), baseline = Draw.Uniform(new Random(6), 2 * 53), mask = Draw.Uniform(new Random(7), 53);
        for (int i = 0; i < mask.Length; i++) mask[i] = mask[i] > 0 ? 1 : 0;
        ArrayView<float> points = Fresh(x.Length);
        Device.Path.Interpolate(On(x), On(baseline), On(mask), points, 1);
        Assert.That(Read(points), Is.EqualTo(x.Select((v, i) => (float)(mask[i % 53] == 1 ? v : baseline[i]))));
    }

    [Test]
    public void Views_that_do_not_fit_are_refused()
    {
        Assert.That(() => Device.Path.Interpolate(Fresh(3), Fresh(3), Fresh(2), Fresh(5), 2), Throws.TypeOf<ShapeException>().With.Message.EqualTo("path: points has 5 elements, expected 6"));
        Assert.That(() => Device.Path.Interpolate(Fresh(6), Fresh(6), Fresh(8), Fresh(12), 2), Throws.TypeOf<ShapeException>().With.Message.EqualTo("path: 8 alphas for 2 points of 6"));
    }
}
