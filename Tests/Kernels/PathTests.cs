using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class PathTests(string deviceName) : DeviceTests(deviceName)
{
    [TestCase(5, 131), TestCase(7, 1), TestCase(1, 37), TestCase(3, 64), TestCase(0, 5), TestCase(4, 0)]
    public void Both_agree_with_the_definition(int steps, int size)
    {
        var rng = new Random(1);
        double[] x = Draw.Uniform(rng, size), baseline = Draw.Uniform(rng, size), alphas = Draw.Uniform(rng, steps, 0, 1), values = Draw.Uniform(rng, steps * size);
        double[] points = new double[steps * size], sum = new double[size];
        for (int i = 0; i < steps; i++)
            for (int j = 0; j < size; j++)
            {
                points[i * size + j] = baseline[j] + alphas[i] * (x[j] - baseline[j]);
                sum[j] += alphas[i] * values[i * size + j];
            }
        ArrayView<float> onPoints = Fresh(points.Length), onSum = Fresh(size);
        Device.Path.Interpolate(On(x), On(baseline), On(alphas), onPoints);
        Device.Path.WeightedSum(On(values), On(alphas), onSum);
        Close.Check(points, Read(onPoints), 2e-7, 2e-7, "points");
        Close.Check(sum, Read(onSum), 3e-7, 3e-7, "sum");
    }

    [Test]
    public void The_weighted_sum_is_the_adjoint_of_interpolation_from_zeros()
    {
        double[] x = Draw.Uniform(new Random(2), 43), alphas = Draw.Uniform(new Random(3), 5), y = Draw.Uniform(new Random(4), 5 * 43);
        ArrayView<float> points = Fresh(y.Length), sum = Fresh(x.Length);
        Device.Path.Interpolate(On(x), On(new double[43]), On(alphas), points);
        Device.Path.WeightedSum(On(y), On(alphas), sum);
        Adjoint.Check(Read(points), y, x, Read(sum));
    }

    [Test]
    public void Views_that_do_not_fit_are_refused() =>
        Assert.That(() => Device.Path.Interpolate(Fresh(3), Fresh(3), Fresh(2), Fresh(5)), Throws.TypeOf<ShapeException>().With.Message.EqualTo("path: points has 5 elements, expected 6"));
}
