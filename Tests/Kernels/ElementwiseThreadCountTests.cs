using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Large enough that every thread gets a share: the result has the same bits for 1, 2 and 3 threads.</summary>
sealed class ElementwiseThreadCountTests
{
    static readonly float[] X = Draw.Floats(Draw.Uniform(new Random(1), 300_007, -3, 3));
    static readonly float[] Z = Draw.Floats(Draw.Uniform(new Random(2), 300_007, -3, 3));

    [Test]
    public void Unary() => Same(X.Length, (d, x, z, y) => d.Unary.Forward<Gelu>(x, y));

    [Test]
    public void Unary_gradient() => Same(X.Length, (d, x, z, y) => d.Unary.Backward<Gelu>(x, default, z, y));

    [Test]
    public void Binary() => Same(X.Length, (d, x, z, y) => d.Binary.Forward<Divide>(x, z, y, BroadcastShape.Of([X.Length], [X.Length])));

    [Test]
    public void Broadcast_rows_split_between_threads() =>
        Same(3 * 5 * 20_000, (d, x, z, y) => d.Binary.Forward<Divide>(x.SubView(0, 300_000), z.SubView(0, 15), y, BroadcastShape.Of([3, 5, 20_000], [3, 5, 1])));

    [TestCase(1, 300_007, 1), TestCase(5, 60_001, 1), TestCase(1, 100_002, 3), TestCase(2, 4_000, 37), TestCase(1, 2, 150_003)]
    public void Reduction(int outer, int length, int inner) =>
        Same(outer * inner, (d, x, z, y) => d.Reduce.Along<Sum>(x.SubView(0, outer * length * inner), y, 1, new(outer, length, inner)));

    [Test]
    public void Softmax() => Same(300_000, (d, x, z, y) => d.Softmax.Forward(x.SubView(0, 300_000), y, new(3_000, 100)));

    [Test]
    public void Cross_entropy() => Same(300_001, (d, x, z, y) =>
    {
        using var labels = d.Allocate<int>(3_000);
        d.Upload<int>([.. Enumerable.Range(0, 3_000).Select(r => r % 100)], labels.View);
        d.Softmax.CrossEntropyForward(x.SubView(0, 300_000), labels.View, z.SubView(0, 100), y.SubView(0, 1), y.SubView(1), new(3_000, 100));
    });

    [Test]
    public void Binary_cross_entropy() => Same(1, (d, x, z, y) => d.Softmax.BinaryCrossEntropyForward(x, z, 2f, y));

    [Test]
    public void Slices() => Same(300_007 - 7, (d, x, z, y) => d.Slice.Extract(x, y, new(1, 300_007, 7, 300_000, 1)));

    [Test]
    public void Dropout() => Same(X.Length, (d, x, z, y) => d.Dropout.Apply(x, y, new(0.4f, 1, 2)));

    [Test]
    public void Adam() => Same(X.Length, (d, x, z, y) =>
    {
        using var moment = d.Allocate<float>(X.Length);
        using var square = d.Allocate<float>(X.Length);
        d.Fill(moment.View, 0.1f);
        d.Fill(square.View, 0.2f);
        d.Copy(x, y);
        d.Optimize.Adam(y, z, moment.View, square.View, new(0.01, 0.9, 0.999, 1e-8, 0.1, false, 3));
    });

    [Test]
    public void Occlusion() => Same(40 * 3 * 900, (d, x, z, y) => d.Occlude.Paint(x.SubView(0, 2_700), z.SubView(0, 2_700), y, 5, 40, new(3, 30, 30, 7, 5, 1, 1)));

    [Test]
    public void Occlusion_average() => Same(300 * 300, (d, x, z, y) => d.Occlude.Average(x.SubView(0, 296 * 294), y, new(1, 300, 300, 5, 7, 1, 1)));

    [Test]
    public void Paths() => Same(300_000, (d, x, z, y) => d.Path.Interpolate(x.SubView(0, 100_000), z.SubView(0, 100_000), x.SubView(200_000, 3), y, 3));

    [Test]
    public void Weighted_sums() => Same(60_001, (d, x, z, y) => d.Path.WeightedSum(x.SubView(0, 5 * 60_001), z.SubView(0, 5), y));

    static void Same(int size, Action<Device, ArrayView<float>, ArrayView<float>, ArrayView<float>> operation)
    {
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using var device = new CpuDevice(threads);
            using var x = device.Allocate<float>(X.Length);
            using var z = device.Allocate<float>(Z.Length);
            using var y = device.Allocate<float>(size);
            device.Upload(X, x.View);
            device.Upload(Z, z.View);
            device.Fill(y.View, float.NaN);
            operation(device, x.View, z.View, y.View);
            float[] values = new float[size];
            device.Download(y.View, values);
            return values;
        })];
        Assert.That(results[0], Has.None.NaN);
        Assert.That(results[1], Is.EqualTo(results[0]), "2 threads");
        Assert.That(results[2], Is.EqualTo(results[0]), "3 threads");
    }
}
