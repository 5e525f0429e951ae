using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class UnaryTests(string deviceName) : DeviceTests(deviceName)
{
    /// <summary>A function with its definition, the range it is tried on, and how far float32 may be off.</summary>
    public abstract record Case(Func<double, double> Definition, double Low, double High, double Rtol, double Atol)
    {
        public abstract void Forward(Device d, ArrayView<float> x, ArrayView<float> y);
        public abstract void Backward(Device d, ArrayView<float> x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx);
        public abstract (bool X, bool Y) Reads { get; }
    }

    public sealed record Case<F>(Func<double, double> Definition, double Low, double High, double Rtol = 3e-7, double Atol = 1e-37)
        : Case(Definition, Low, High, Rtol, Atol) where F : struct, IUnary
    {
        public override void Forward(Device d, ArrayView<float> x, ArrayView<float> y) => d.Unary.Forward<F>(x, y);
        public override void Backward(Device d, ArrayView<float> x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx) => d.Unary.Backward<F>(x, y, dy, dx);
        public override (bool X, bool Y) Reads => (F.SlopeReadsX, F.SlopeReadsY);
        public override string ToString() => typeof(F).Name;
    }

    public static readonly Case[] Functions =
    [
        new Case<Relu>(UnaryDefinitions.Relu, -2, 2),
        new Case<Sigmoid>(UnaryDefinitions.Sigmoid, -80, 20),
        new Case<Tanh>(Math.Tanh, -10, 10),
        new Case<Exp>(Math.Exp, -86, 88),
        new Case<Log>(Math.Log, 0.001, 20),
        new Case<Sqrt>(Math.Sqrt, 0.001, 20),
        new Case<Square>(x => x * x, -3, 3),
        new Case<Abs>(Math.Abs, -3, 3),
        new Case<Negate>(x => -x, -3, 3),
        new Case<Reciprocal>(x => 1 / x, 0.2, 3),
        new Case<Softplus>(UnaryDefinitions.Softplus, -80, 80, Rtol: 4e-7),
        new Case<Gelu>(UnaryDefinitions.Gelu, -5, 5, Rtol: 3e-6),         // the tail's exponent, up to 12.5, is rounded to 24 bits
        new Case<Silu>(UnaryDefinitions.Silu, -80, 20),
    ];

    [TestCaseSource(nameof(Functions))]
    public void Forward_agrees_with_the_definition(Case f)
    {
        double[] x = Draw.Uniform(new Random(1), 1003, f.Low, f.High);
        var y = Fresh(x.Length);
        f.Forward(Device, On(x), y);
        Close.Check(Array.ConvertAll(x, v => f.Definition(v)), Read(y), f.Rtol, f.Atol, $"y of {f}");
    }

    [TestCaseSource(nameof(Functions))]
    public void Backward_agrees_with_central_differences(Case f)
    {
        var rng = new Random(2);
        double low = Math.Max(f.Low, -6), high = Math.Min(f.High, 6), h = 1e-5;
        double[] x = Draw.Uniform(rng, 517, low, high), dy = Draw.Uniform(rng, x.Length);
        for (int i = 0; i < x.Length; i++) if (Math.Abs(x[i]) < 2 * h) x[i] = 0.25;                  // off the kinks
        ArrayView<float> dx = Fresh(x.Length), y = Fresh(x.Length), onX = On(x);
        f.Forward(Device, onX, y);
        f.Backward(Device, onX, y, On(dy), dx);
        double[] expected = new double[x.Length];
        for (int i = 0; i < x.Length; i++) expected[i] = (f.Definition(x[i] + h) - f.Definition(x[i] - h)) / (2 * h) * dy[i];
        Close.Check(expected, Read(dx), 3e-6, 3e-7, $"dx of {f}");
    }

    [TestCaseSource(nameof(Functions))]
    public void What_the_slope_does_not_read_may_be_left_out_and_both_passes_work_in_place(Case f)
    {
        double[] x = Draw.Uniform(new Random(3), 37, f.Low, f.High), dy = Draw.Uniform(new Random(4), 37);
        ArrayView<float> onX = On(x), y = Fresh(37), dx = Fresh(37);
        f.Forward(Device, onX, y);
        f.Backward(Device, onX, y, On(dy), dx);

        ArrayView<float> both = On(x), gradient = On(dy);
        f.Forward(Device, both, both);
        f.Backward(Device, f.Reads.X ? onX : default, f.Reads.Y ? y : default, gradient, gradient);
        Assert.That(Read(both), Is.EqualTo(Read(y)), "y in x's place");
        Assert.That(Read(gradient), Is.EqualTo(Read(dx)), "dx in dy's place");
    }

    [TestCaseSource(nameof(Functions))]
    public void Every_value_has_the_same_bits_wherever_it_stands(Case f)
    {
        double[] x = Draw.Uniform(new Random(5), 61, f.Low, f.High);
        var whole = Fresh(61);
        f.Forward(Device, On(x), whole);
        for (int length = 1; length < 20; length++)
        {
            var part = Fresh(length);
            f.Forward(Device, On(x[..length]), part);
            Assert.That(Read(part), Is.EqualTo(Read(whole)[..length]), $"first {length}");
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Nan_stays_and_no_elements_are_no_work(Case f)
    {
        var y = Fresh(1);
        f.Forward(Device, On(float.NaN), y);
        Assert.That(Read(y)[0], Is.NaN);
        y = On(0f);
        f.Forward(Device, On(float.NaN), y);
        Assert.That(Read(y)[0], Is.NaN);
        f.Forward(Device, On(Array.Empty<float>()), Fresh(0));
        f.Backward(Device, default, default, default, default);
    }

    [Test]
    public void Extreme_arguments_give_the_limits()
    {
        float[] x = [float.NegativeInfinity, -200, -104, -88, 0, 89, 200, float.PositiveInfinity];
        Check<Exp>([0, 0, 0, Math.Exp(-88), 1, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity], atol: 3e-45);
        Check<Sigmoid>([0, 0, 0, Math.Exp(-88), 0.5, 1, 1, 1], atol: 3e-38);
        Check<Tanh>([-1, -1, -1, -1, 0, 1, 1, 1]);
        Check<Softplus>([0, 0, 0, Math.Exp(-88), Math.Log(2), 89, 200, double.PositiveInfinity], atol: 3e-38);
        Check<Relu>([0, 0, 0, 0, 0, 89, 200, double.PositiveInfinity]);
        Check<Gelu>([double.NaN, 0, 0, 0, 0, 89, 200, double.PositiveInfinity]);
        Check<Silu>([double.NaN, 0, 0, -88 * Math.Exp(-88), 0, 89, 200, double.PositiveInfinity], atol: 3e-36);
        Check<Log>([double.NaN, double.NaN, double.NaN, double.NaN, double.NegativeInfinity, Math.Log(89), Math.Log(200), double.PositiveInfinity]);
        Check<Sqrt>([double.NaN, double.NaN, double.NaN, double.NaN, 0, Math.Sqrt(89), Math.Sqrt(200), double.PositiveInfinity]);
        Check<Reciprocal>([0, -1.0 / 200, -1.0 / 104, -1.0 / 88, double.PositiveInfinity, 1.0 / 89, 1.0 / 200, 0]);

        void Check<F>(double[] expected, double atol = 0) where F : struct, IUnary
        {
            var y = Fresh(x.Length);
            Device.Unary.Forward<F>(On(x), y);
            Close.Check(expected, Read(y), 3e-7, atol, typeof(F).Name);
        }
    }

    [Test]
    public void Tanh_keeps_its_relative_accuracy_down_to_zero()
    {
        double[] x = [.. Enumerable.Range(0, 199).Select(i => (i % 2 == 0 ? 1 : -1) * (double)(float)(1.7 * Math.Pow(0.65, i))), -1e-40];
        var y = Fresh(x.Length);
        Device.Unary.Forward<Tanh>(On(x), y);
        Close.Check(Array.ConvertAll(x, Math.Tanh), Read(y), 3e-7, 3e-45, "y");
    }

    [Test]
    public void Slopes_at_kinks_are_those_of_PyTorch()
    {
        float[] x = [-1, -0f, 0, 1, float.NaN], dy = [2, 3, 5, 7, 11];
        Check<Relu>([0, 0, 0, 7, 11]);
        Check<Abs>([-2, 0, 0, 7, 0]);

        void Check<F>(double[] expected) where F : struct, IUnary
        {
            ArrayView<float> y = Fresh(x.Length), dx = Fresh(x.Length);
            Device.Unary.Forward<F>(On(x), y);
            Device.Unary.Backward<F>(On(x), y, On(dy), dx);
            Close.Check(expected, Read(dx), 0, 0, typeof(F).Name);
        }
    }

    [Test]
    public void Affine_scales_and_shifts()
    {
        double[] x = Draw.Uniform(new Random(6), 259);
        var y = Fresh(x.Length);
        Device.Unary.Affine(On(x), y, 2.5f, -0.75f);
        Close.Check(Array.ConvertAll(x, v => 2.5 * v - 0.75), Read(y), 1e-7, 1e-7, "y");
    }

    [Test]
    public void Views_of_other_lengths_are_refused() =>
        Assert.That(() => Device.Unary.Forward<Relu>(On(1f, 2f), Fresh(3)), Throws.TypeOf<ShapeException>().With.Message.EqualTo("unary: y has 3 elements, expected 2"));
}
