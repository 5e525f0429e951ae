using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What every device must do with the cases that are small enough for it.</summary>
abstract class Conv2dAgreement(string deviceName)
{
    // of Σ|products|: rounding of the longest sums here, in any order
    const double Rounding = 4e-7;

    protected Device Device { get; private set; } = null!;

    [OneTimeSetUp] public void Open() => Device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => Device.Dispose();

    protected void CheckForward(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(1), s.XSize), w = Draw.Uniform(new(2), s.WSize), bias = Draw.Uniform(new(3), s.K);
        Conv2dDefinition.Forward(x, w, bias, s).Check(Forward(x, w, bias, s), Rounding, $"y of {s}");
        Conv2dDefinition.Forward(x, w, [], s).Check(Forward(x, w, [], s), Rounding, $"y without bias of {s}");
    }

    protected void CheckBackward(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(4), s.XSize), w = Draw.Uniform(new(5), s.WSize), dy = Draw.Uniform(new(6), s.YSize);
        Conv2dDefinition.BackwardInput(dy, w, s).Check(BackwardInput(dy, w, s), Rounding, $"dx of {s}");
        Conv2dDefinition.BackwardWeight(x, dy, s).Check(BackwardWeight(x, dy, s), Rounding, $"dw of {s}");
        using var operands = new Operands(Device);
        var db = operands.Out(s.K, "db");
        Device.Conv2d.BackwardBias(operands.In(dy).View, db.View, s);
        Conv2dDefinition.BackwardBias(dy, s).Check(db.Read(), Rounding, $"db of {s}");
    }

    protected float[] Forward(double[] x, double[] w, double[] bias, Conv2dShape s)
    {
        using var operands = new Operands(Device);
        var y = operands.Out(s.YSize, "y");
        Device.Conv2d.Forward(operands.In(x).View, operands.In(w).View, bias.Length == 0 ? default : operands.In(bias).View, y.View, s);
        return y.Read();
    }

    protected float[] BackwardInput(double[] dy, double[] w, Conv2dShape s)
    {
        using var operands = new Operands(Device);
        var dx = operands.Out(s.XSize, "dx");
        Device.Conv2d.BackwardInput(operands.In(dy).View, operands.In(w).View, dx.View, s);
        return dx.Read();
    }

    protected float[] BackwardWeight(double[] x, double[] dy, Conv2dShape s)
    {
        using var operands = new Operands(Device);
        var dw = operands.Out(s.WSize, "dw");
        Device.Conv2d.BackwardWeight(operands.In(x).View, operands.In(dy).View, dw.View, s);
        return dw.Read();
    }
}

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.Products))]
sealed class Conv2dTests(string deviceName) : Conv2dAgreement(deviceName)
{
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Small))]
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Empty))]
    public void Forward_agrees_with_the_definition(Conv2dShape s) => CheckForward(s);

    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Small))]
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Empty))]
    public void Backward_agrees_with_the_definition(Conv2dShape s) => CheckBackward(s);

    [Test]
    public void Backward_agrees_with_central_differences()
    {
        var s = new Conv2dShape(2, 4, 7, 6, 6, 3, 2, 2, 1, 1, 0, 1, 2, 2);
        double[] x = Draw.Uniform(new(7), s.XSize), w = Draw.Uniform(new(8), s.WSize), dy = Draw.Uniform(new(9), s.YSize);
        double Loss(double[] x, double[] w) => CentralDifferences.Dot(Conv2dDefinition.Forward(x, w, [], s).Values, dy);

        Close.Check(CentralDifferences.Of(v => Loss(v, w), x), BackwardInput(dy, w, s), rtol: 1e-5, atol: 1e-6, "dx");
        Close.Check(CentralDifferences.Of(v => Loss(x, v), w), BackwardWeight(x, dy, s), rtol: 1e-5, atol: 2e-6, "dw");
    }

    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Small))]
    public void A_NaN_reaches_the_sums_it_belongs_to_and_no_other(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(10), s.XSize), w = Draw.Uniform(new(11), s.WSize), dy = Draw.Uniform(new(12), s.YSize);
        x[x.Length * 3 / 5] = dy[dy.Length * 2 / 3] = double.NaN;
        w[w.Length / 2] = 0;                                            // 0·NaN is NaN too
        var (wNaN, dyNumbers) = ((double[])w.Clone(), Draw.Uniform(new(13), s.YSize));
        wNaN[w.Length / 3] = double.NaN;

        Agree(Conv2dDefinition.Forward(x, w, [], s), Forward(x, w, [], s), "y, NaN in x");
        Agree(Conv2dDefinition.BackwardInput(dy, w, s), BackwardInput(dy, w, s), "dx, NaN in dy");
        Agree(Conv2dDefinition.BackwardWeight(x, dyNumbers, s), BackwardWeight(x, dyNumbers, s), "dw, NaN in x");

        // A weight also meets the zeros around the image, so its NaN may reach further; it is never lost.
        NeverLost(Conv2dDefinition.Forward(Draw.Uniform(new(10), s.XSize), wNaN, [], s), Forward(Draw.Uniform(new(10), s.XSize), wNaN, [], s), "y, NaN in w");
        NeverLost(Conv2dDefinition.BackwardInput(dyNumbers, wNaN, s), BackwardInput(dyNumbers, wNaN, s), "dx, NaN in w");

        void Agree(Sums expected, float[] actual, string what) =>
            Assert.That(actual.Select(float.IsNaN), Is.EqualTo(expected.Values.Select(double.IsNaN)), $"{what} of {s}");

        void NeverLost(Sums expected, float[] actual, string what) =>
            Assert.That(Enumerable.Range(0, actual.Length).Where(i => double.IsNaN(expected.Values[i]) && !float.IsNaN(actual[i])), Is.Empty, $"{what} of {s}");
    }

    [Test]
    public void Random_shapes_agree_with_the_definition_and_are_adjoint()
    {
        var random = new Random(2024);
        int count = Device is GpuDevice ? 20 : 200;
        for (int i = 0; i < count; i++)
        {
            var s = Conv2dCases.Random(random);
            double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize), dy = Draw.Uniform(random, s.YSize);
            float[] y = Forward(x, w, [], s), dx = BackwardInput(dy, w, s), dw = BackwardWeight(x, dy, s);
            Conv2dDefinition.Forward(x, w, [], s).Check(y, 4e-7, $"shape {i}: y of {s}");

            double[] wide(float[] v) => Array.ConvertAll(v, e => (double)e);
            double product = CentralDifferences.Dot(wide(y), dy), scale = Norm(wide(y)) * Norm(dy) + Norm(x) * Norm(wide(dx)) + 1e-30;
            Assert.That(CentralDifferences.Dot(x, wide(dx)), Is.EqualTo(product).Within(1e-6 * scale), $"shape {i}: ⟨x, dx⟩ of {s}");
            Assert.That(CentralDifferences.Dot(w, wide(dw)), Is.EqualTo(product).Within(1e-6 * (scale + Norm(w) * Norm(wide(dw)))), $"shape {i}: ⟨w, dw⟩ of {s}");
        }
    }

    [Test]
    public void The_bias_gradient_of_a_large_plane_of_one_sign_keeps_its_digits()
    {
        if (Device is not CpuDevice) Assert.Ignore("one long sum per thread is slow where threads are emulated");
        var s = new Conv2dShape(1, 1, 224, 223, 1, 1, 1);
        double[] dy = [.. Draw.Uniform(new(14), s.YSize).Select(v => 1.5 + v)];
        using var operands = new Operands(Device);
        var db = operands.Out(1, "db");
        Device.Conv2d.BackwardBias(operands.In(dy).View, db.View, s);
        Conv2dDefinition.BackwardBias(dy, s).Check(db.Read(), 1.2e-7, "db");
    }

    [Test]
    public void Views_of_another_length_are_refused()
    {
        var s = new Conv2dShape(2, 3, 6, 5, 4, 3, 2);
        using var x = Device.Allocate<float>(s.XSize);
        using var w = Device.Allocate<float>(s.WSize);
        using var y = Device.Allocate<float>(s.YSize);
        using var b = Device.Allocate<float>(s.K);
        Assert.Multiple(() =>
        {
            Assert.That(() => Device.Conv2d.Forward(x.View.SubView(1), w.View, b.View, y.View, s), Throws.TypeOf<ShapeException>());
            Assert.That(() => Device.Conv2d.Forward(x.View, w.View, b.View.SubView(1), y.View, s), Throws.TypeOf<ShapeException>());
            Assert.That(() => Device.Conv2d.BackwardInput(y.View, w.View.SubView(1), x.View, s), Throws.TypeOf<ShapeException>());
            Assert.That(() => Device.Conv2d.BackwardWeight(x.View, y.View.SubView(1), w.View, s), Throws.TypeOf<ShapeException>());
            Assert.That(() => Device.Conv2d.BackwardBias(y.View.SubView(1), b.View, s), Throws.TypeOf<ShapeException>());
            Assert.That(() => Device.Conv2d.BackwardBias(y.View, b.View.SubView(1), s), Throws.TypeOf<ShapeException>());
        });
    }

    static double Norm(double[] v) => Math.Sqrt(CentralDifferences.Dot(v, v));
}

[TestFixtureSource(typeof(FastDevices), nameof(FastDevices.All))]
sealed class Conv2dSizeTests(string deviceName) : Conv2dAgreement(deviceName)
{
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Large))]
    public void Forward_agrees_with_the_definition(Conv2dShape s) => CheckForward(s);

    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Large))]
    public void Backward_agrees_with_the_definition(Conv2dShape s) => CheckBackward(s);

    // Minimal filtering works on squares of 4×4: a NaN may go one pixel further than the definition says, but no other image, and never be lost.
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Large))]
    public void A_NaN_is_never_lost_and_stays_near_the_pixels_it_belongs_to(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(10), s.XSize), w = Draw.Uniform(new(11), s.WSize);
        x[x.Length * 3 / 5] = double.NaN;
        var expected = Conv2dDefinition.Forward(x, w, [], s).Values;
        var actual = Forward(x, w, [], s);
        bool squares = s is { R: 3, S: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1 };
        for (int i = 0; i < actual.Length; i++)
        {
            if (double.IsNaN(expected[i])) Assert.That(actual[i], Is.NaN, $"lost at {i} of {s}");
            else if (float.IsNaN(actual[i])) Assert.That(squares && NearNaN(i), $"spread to {i} of {s}");
        }

        bool NearNaN(int i)
        {
            int plane = i / (s.P * s.Q), p = i / s.Q % s.P, q = i % s.Q;
            for (int h = Math.Max(p - 1, 0); h <= Math.Min(p + 1, s.P - 1); h++)
                for (int v = Math.Max(q - 1, 0); v <= Math.Min(q + 1, s.Q - 1); v++)
                    if (double.IsNaN(expected[(plane * s.P + h) * s.Q + v])) return true;
            return false;
        }
    }

    static IEnumerable<TestCaseData> SeveralImages => Conv2dCases.Large.Where(c => c.Arguments[0] is Conv2dShape { N: > 1 });

    [TestCaseSource(nameof(SeveralImages))]
    public void An_image_gives_the_same_bits_in_any_batch(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(14), s.XSize), w = Draw.Uniform(new(15), s.WSize), dy = Draw.Uniform(new(16), s.YSize);
        var alone = new Conv2dShape(1, s.C, s.H, s.W, s.K, s.R, s.S, s.StrideH, s.StrideW, s.PadH, s.PadW, s.DilationH, s.DilationW, s.Groups);
        int last = s.N - 1;
        Assert.That(Forward(x, w, [], s)[(last * alone.YSize)..], Is.EqualTo(Forward(x[(last * alone.XSize)..], w, [], alone)), $"y of {s}");
        Assert.That(BackwardInput(dy, w, s)[(last * alone.XSize)..], Is.EqualTo(BackwardInput(dy[(last * alone.YSize)..], w, alone)), $"dx of {s}");
    }
}
