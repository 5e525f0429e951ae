using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class ResizeTests(string deviceName)
{
    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    static IEnumerable<TestCaseData> Shapes =>
    [
        Case("up by whole numbers", new(3, 4, 5, 8, 15)),
        Case("up by fractions", new(2, 7, 10, 11, 13)),
        Case("down by whole numbers", new(3, 12, 20, 4, 5)),
        Case("down by fractions, some pixels unused", new(2, 17, 23, 5, 3)),
        Case("up and down", new(5, 3, 19, 14, 6)),
        Case("same size", new(2, 6, 9, 6, 9)),
        Case("one pixel spreads", new(4, 1, 1, 3, 7)),
        Case("to one pixel", new(4, 5, 9, 1, 1)),
        Case("a class activation map", new(1, 7, 6, 33, 41)),
    ];

    static TestCaseData Case(string why, ResizeShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    [TestCaseSource(nameof(Shapes))]
    public void Bilinear_agrees_with_the_definition(ResizeShape s)
    {
        double[] x = Draw.Uniform(new(1), s.Planes * s.H * s.W);
        using var operands = new Operands(_device);
        var y = operands.Out(s.Planes * s.P * s.Q);

        _device.Resize.BilinearForward(operands.In(x).View, y.View, s);

        Close.Check(ResizeDefinition.Bilinear(x, s), y.Read(), rtol: 1e-6, atol: 2e-7, $"y of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Bilinear_backward_agrees_with_central_differences(ResizeShape s)
    {
        double[] x = Draw.Uniform(new(2), s.Planes * s.H * s.W), dy = Draw.Uniform(new(3), s.Planes * s.P * s.Q);
        using var operands = new Operands(_device);
        var dx = operands.Out(x.Length);

        _device.Resize.BilinearBackward(operands.In(dy).View, dx.View, s);

        var expected = CentralDifferences.Of(v => CentralDifferences.Dot(ResizeDefinition.Bilinear(v, s), dy), x);
        Close.Check(expected, dx.Read(), rtol: 1e-6, atol: 1e-6 * Math.Sqrt(1.0 * s.P * s.Q / (s.H * s.W)) + 1e-7, $"dx of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Nearest_agrees_with_the_definition(ResizeShape s)
    {
        double[] x = Draw.Uniform(new(4), s.Planes * s.H * s.W);
        using var operands = new Operands(_device);
        var y = operands.Out(s.Planes * s.P * s.Q);

        _device.Resize.NearestForward(operands.In(x).View, y.View, s);

        Close.Check(ResizeDefinition.Nearest(x, s), y.Read(), rtol: 0, atol: 0, $"y of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Nearest_backward_agrees_with_central_differences(ResizeShape s)
    {
        double[] x = Draw.Uniform(new(5), s.Planes * s.H * s.W), dy = Draw.Uniform(new(6), s.Planes * s.P * s.Q);
        using var operands = new Operands(_device);
        var dx = operands.Out(x.Length);

        _device.Resize.NearestBackward(operands.In(dy).View, dx.View, s);

        var expected = CentralDifferences.Of(v => CentralDifferences.Dot(ResizeDefinition.Nearest(v, s), dy), x);
        Close.Check(expected, dx.Read(), rtol: 1e-6, atol: 1e-6, $"dx of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void A_NaN_reaches_the_pixels_that_the_definition_says(ResizeShape s)
    {
        double[] x = Draw.Uniform(new(7), s.Planes * s.H * s.W);
        x[x.Length / 2] = double.NaN;
        using var operands = new Operands(_device);
        var (bilinear, nearest) = (operands.Out(s.Planes * s.P * s.Q), operands.Out(s.Planes * s.P * s.Q));

        _device.Resize.BilinearForward(operands.In(x).View, bilinear.View, s);
        _device.Resize.NearestForward(operands.In(x).View, nearest.View, s);

        Assert.That(bilinear.Read().Select(float.IsNaN), Is.EqualTo(ResizeDefinition.Bilinear(x, s).Select(double.IsNaN)));
        Assert.That(nearest.Read().Select(float.IsNaN), Is.EqualTo(ResizeDefinition.Nearest(x, s).Select(double.IsNaN)));
    }
}
