using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class Pool2dTests(string deviceName)
{
    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    static IEnumerable<TestCaseData> Windows =>
    [
        Case("2×2 stride 2, rows of whole vectors", new Pool2dShape(3, 8, 32, 2, 2, 2, 2)),
        Case("2×2 stride 2, overlapping last vector", new Pool2dShape(5, 10, 24, 2, 2, 2, 2)),
        Case("2×2 stride 2, odd image", new Pool2dShape(4, 7, 21, 2, 2, 2, 2)),
        Case("2×2 stride 2, rows narrower than a vector", new Pool2dShape(3, 6, 14, 2, 2, 2, 2)),
        Case("3×3 stride 2 padding 1, ResNet", new Pool2dShape(3, 18, 26, 3, 3, 2, 2, 1, 1)),
        Case("3×3 stride 1 padding 1", new Pool2dShape(2, 9, 19, 3, 3, 1, 1, 1, 1)),
        Case("unequal strides, windows and paddings", new Pool2dShape(3, 11, 23, 2, 5, 3, 2, 1, 2)),
        Case("stride 3 leaves gaps", new Pool2dShape(2, 13, 17, 2, 2, 3, 3)),
        Case("stride 3 by 1, tall image", new Pool2dShape(2, 31, 12, 4, 3, 3, 1, 2, 1)),
        Case("window as large as the image", new Pool2dShape(3, 5, 7, 5, 7, 1, 1)),
        Case("window larger than the image", new Pool2dShape(2, 2, 3, 4, 5, 4, 3, 2, 2)),
        Case("one pixel", new Pool2dShape(7, 1, 1, 1, 1, 1, 1)),
        Case("one plane, one row", new Pool2dShape(1, 1, 40, 1, 3, 1, 2, 0, 1)),
        Case("no planes", new Pool2dShape(0, 4, 6, 2, 2, 2, 2)),
    ];

    static IEnumerable<TestCaseData> Overhanging =>
    [
        Case("3×3 stride 2, SqueezeNet", new Pool2dShape(3, 8, 26, 3, 3, 2, 2, ceil: true)),
        Case("nothing hangs over", new Pool2dShape(2, 7, 21, 3, 3, 2, 2, ceil: true)),
        Case("the last window would begin in the padding", new Pool2dShape(2, 5, 9, 2, 2, 2, 2, 1, 1, ceil: true)),
        Case("one row hangs over, unequal strides", new Pool2dShape(3, 12, 10, 2, 5, 3, 4, 1, 2, ceil: true)),
    ];

    static IEnumerable<TestCaseData> Grids =>
    [
        Case("global", new AdaptivePoolShape(5, 7, 9, 1, 1)),
        Case("even split", new AdaptivePoolShape(3, 6, 20, 2, 5)),
        Case("overlapping windows", new AdaptivePoolShape(2, 7, 10, 3, 4)),
        Case("more outputs than pixels", new AdaptivePoolShape(3, 4, 5, 7, 11)),
        Case("same size", new AdaptivePoolShape(2, 3, 19, 3, 19)),
        Case("VGG's 7×7 from a smaller map", new AdaptivePoolShape(2, 1, 2, 7, 6)),
    ];

    static TestCaseData Case<TShape>(string why, TShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    [TestCaseSource(nameof(Windows)), TestCaseSource(nameof(Overhanging))]
    public void Max_agrees_with_the_definition(Pool2dShape s) => CheckMax(Draw.Uniform(new(1), s.Planes * s.H * s.W), s);

    [TestCaseSource(nameof(Windows))]
    public void Max_takes_the_first_of_equal_values(Pool2dShape s) =>
        CheckMax(Array.ConvertAll(Draw.Uniform(new(2), s.Planes * s.H * s.W), v => Math.Round(v)), s);

    [TestCaseSource(nameof(Windows)), TestCaseSource(nameof(Overhanging))]
    public void Max_takes_the_first_NaN_and_survives_infinities(Pool2dShape s)
    {
        double[] special = [double.NaN, double.NegativeInfinity, double.PositiveInfinity];
        var x = Draw.Uniform(new(3), s.Planes * s.H * s.W);
        for (int i = 0; i < x.Length; i++)
            if (x[i] < -0.7) x[i] = special[i % 3];
        CheckMax(x, s);
    }

    [TestCaseSource(nameof(Windows)), TestCaseSource(nameof(Overhanging))]
    public void Padding_never_wins(Pool2dShape s) =>
        CheckMax([.. Enumerable.Repeat(double.NegativeInfinity, s.Planes * s.H * s.W)], s);

    [TestCaseSource(nameof(Windows)), TestCaseSource(nameof(Overhanging))]
    public void Max_backward_agrees_with_the_definition_and_writes_every_pixel(Pool2dShape s)
    {
        var (_, argmax) = PoolDefinition.Max(Draw.Uniform(new(4), s.Planes * s.H * s.W), s);
        double[] dy = Draw.Uniform(new(5), argmax.Length);
        using var operands = new Operands(_device);
        var dx = operands.Out(s.Planes * s.H * s.W);

        _device.Pool2d.MaxBackward(operands.In(dy).View, operands.In(argmax).View, dx.View, s);

        Close.Check(PoolDefinition.MaxBackward(dy, argmax, s), dx.Read(), rtol: 1e-6, atol: 1e-6, $"dx of {s}");
    }

    [TestCaseSource(nameof(Windows))]
    public void Max_backward_agrees_with_central_differences(Pool2dShape s)
    {
        double[] x = Apart(6, s.Planes * s.H * s.W), dy = Draw.Uniform(new(7), s.Planes * s.P * s.Q);
        using var operands = new Operands(_device);
        var (y, argmax, dx) = (operands.Out(dy.Length), operands.OutInts(dy.Length), operands.Out(x.Length));

        _device.Pool2d.MaxForward(operands.In(x).View, y.View, argmax.View, s);
        _device.Pool2d.MaxBackward(operands.In(dy).View, argmax.View, dx.View, s);

        var expected = CentralDifferences.Of(v => CentralDifferences.Dot(PoolDefinition.Max(v, s).Y, dy), x);
        Close.Check(expected, dx.Read(), rtol: 1e-5, atol: 1e-5, $"dx of {s}");
    }

    [TestCaseSource(nameof(Windows))]
    public void Average_agrees_with_the_definition(Pool2dShape s)
    {
        double[] x = Draw.Uniform(new(8), s.Planes * s.H * s.W);
        using var operands = new Operands(_device);
        var y = operands.Out(s.Planes * s.P * s.Q);

        _device.Pool2d.AverageForward(operands.In(x).View, y.View, s);

        Close.Check(PoolDefinition.Average(x, s), y.Read(), rtol: 1e-6, atol: 2e-7, $"y of {s}");
    }

    [TestCaseSource(nameof(Windows))]
    public void Average_backward_agrees_with_central_differences(Pool2dShape s)
    {
        double[] x = Draw.Uniform(new(9), s.Planes * s.H * s.W), dy = Draw.Uniform(new(10), s.Planes * s.P * s.Q);
        using var operands = new Operands(_device);
        var dx = operands.Out(x.Length);

        _device.Pool2d.AverageBackward(operands.In(dy).View, dx.View, s);

        var expected = CentralDifferences.Of(v => CentralDifferences.Dot(PoolDefinition.Average(v, s), dy), x);
        Close.Check(expected, dx.Read(), rtol: 1e-6, atol: 1e-6, $"dx of {s}");
    }

    [TestCaseSource(nameof(Grids))]
    public void Adaptive_average_agrees_with_the_definition(AdaptivePoolShape s)
    {
        double[] x = Draw.Uniform(new(11), s.Planes * s.H * s.W);
        using var operands = new Operands(_device);
        var y = operands.Out(s.Planes * s.P * s.Q);

        _device.Pool2d.AdaptiveAverageForward(operands.In(x).View, y.View, s);

        Close.Check(PoolDefinition.AdaptiveAverage(x, s), y.Read(), rtol: 1e-6, atol: 2e-7, $"y of {s}");
    }

    [TestCaseSource(nameof(Grids))]
    public void Adaptive_average_backward_agrees_with_central_differences(AdaptivePoolShape s)
    {
        double[] x = Draw.Uniform(new(12), s.Planes * s.H * s.W), dy = Draw.Uniform(new(13), s.Planes * s.P * s.Q);
        using var operands = new Operands(_device);
        var dx = operands.Out(x.Length);

        _device.Pool2d.AdaptiveAverageBackward(operands.In(dy).View, dx.View, s);

        var expected = CentralDifferences.Of(v => CentralDifferences.Dot(PoolDefinition.AdaptiveAverage(v, s), dy), x);
        Close.Check(expected, dx.Read(), rtol: 1e-6, atol: 1e-6, $"dx of {s}");
    }

    [Test]
    public void A_view_of_the_wrong_length_is_refused_before_anything_is_written()
    {
        var s = new Pool2dShape(2, 4, 6, 2, 2, 2, 2);
        using var operands = new Operands(_device);
        var y = operands.Out(12);
        Assert.That(() => _device.Pool2d.AverageForward(operands.In(new double[47]).View, y.View, s),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo("average pool: x has 47 elements, expected 48"));
        Assert.That(y.Read(), Is.All.NaN);
    }

    void CheckMax(double[] x, Pool2dShape s)
    {
        var (expected, where) = PoolDefinition.Max(x, s);
        using var operands = new Operands(_device);
        var (y, argmax) = (operands.Out(expected.Length), operands.OutInts(expected.Length));

        _device.Pool2d.MaxForward(operands.In(x).View, y.View, argmax.View, s);

        Assert.That(argmax.Read(), Is.EqualTo(where), $"argmax of {s}");
        Close.Check(expected, y.Read(), rtol: 0, atol: 0, $"y of {s}");
    }

    /// <summary>A permutation of distinct values, farther apart than the steps of the central differences: no ties.</summary>
    static double[] Apart(int seed, int length)
    {
        double[] values = [.. Enumerable.Range(0, length).Select(i => (i - length / 2) / 512.0)];
        new Random(seed).Shuffle(values);
        return values;
    }
}
