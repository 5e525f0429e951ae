using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Large enough that every thread gets a share: the result has the same bits for 1, 2 and 3 threads.</summary>
sealed class ThreadCountTests
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
