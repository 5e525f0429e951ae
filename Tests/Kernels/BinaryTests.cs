using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class BinaryTests(string deviceName) : DeviceTests(deviceName)
{
    public abstract record Case(Func<double, double, double> Definition, double Low, double High)
    {
        public abstract void Forward(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, BroadcastShape s);
        public abstract void BackwardA(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> da, BroadcastShape s);
        public abstract void BackwardB(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> db, BroadcastShape s);
    }

    public sealed record Case<F>(Func<double, double, double> Definition, double Low = -2, double High = 2) : Case(Definition, Low, High) where F : struct, IBinary
    {
        public override void Forward(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, BroadcastShape s) => d.Binary.Forward<F>(a, b, y, s);
        public override void BackwardA(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> da, BroadcastShape s) => d.Binary.BackwardA<F>(a, b, dy, da, s);
        public override void BackwardB(Device d, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> db, BroadcastShape s) => d.Binary.BackwardB<F>(a, b, dy, db, s);
        public override string ToString() => typeof(F).Name;
    }

    public static readonly Case[] Functions =
    [
        new Case<Add>((a, b) => a + b),
        new Case<AddRelu>((a, b) => Math.Max(a + b, 0)),
        new Case<Subtract>((a, b) => a - b),
        new Case<Multiply>((a, b) => a * b),
        new Case<Divide>((a, b) => a / b, 0.5, 3),
        new Case<Maximum>(Math.Max),
        new Case<Minimum>(Math.Min),
        new Case<Power>(Math.Pow, 0.3, 3),
    ];

    static readonly int[][][] Shapes =
    [
        [[1003], [1003]],                          // plain
        [[], [37]], [[37], []], [[], []],          // a number with an array, with a number
        [[5, 23], [23]], [[5, 23], [5, 1]],        // rows, columns
        [[2, 1, 3], [7, 1]],                       // both sides stretched
        [[3, 5, 2, 19], [5, 1, 1]],                // a channel's bias
        [[3, 5, 7, 2], [3, 1, 7, 1]],              // alternating: four axes stay
        [[1, 3, 1, 5], [2, 1, 7, 1]],              // outer product of pairs
        [[0, 3], [1, 3]], [[1], [0]], [[4, 0], [1]],// nothing to do
    ];

    static IEnumerable<object[]> Cases() => from f in Functions from s in Shapes select new object[] { f, s[0], s[1] };

    [TestCaseSource(nameof(Cases))]
    public void All_three_passes_agree_with_the_definition(Case f, int[] shapeA, int[] shapeB)
    {
        var rng = new Random(1);
        var s = BroadcastShape.Of(shapeA, shapeB);
        double[] a = Draw.Uniform(rng, Size(shapeA), f.Low, f.High), b = Draw.Uniform(rng, Size(shapeB), f.Low, f.High), dy = Draw.Uniform(rng, s.Count);
        int[] result = Broadcasting.Shape(shapeA, shapeB), fromA = Broadcasting.Sources(shapeA, result), fromB = Broadcasting.Sources(shapeB, result);
        double[] y = new double[s.Count], da = new double[s.Count], db = new double[s.Count];
        for (int i = 0; i < y.Length; i++)
        {
            double p = a[fromA[i]], q = b[fromB[i]], h = 1e-5;
            y[i] = f.Definition(p, q);
            da[i] = dy[i] * (f.Definition(p + h, q) - f.Definition(p - h, q)) / (2 * h);
            db[i] = dy[i] * (f.Definition(p, q + h) - f.Definition(p, q - h)) / (2 * h);
        }

        ArrayView<float> onA = On(a), onB = On(b), onDy = On(dy), onY = Fresh(s.Count), onDa = Fresh(s.Count), onDb = Fresh(s.Count);
        f.Forward(Device, onA, onB, onY, s);
        f.BackwardA(Device, onA, onB, onDy, onDa, s);
        f.BackwardB(Device, onA, onB, onDy, onDb, s);

        Close.Check(y, Read(onY), 3e-7, 1e-7, $"y of {f}");
        Close.Check(da, Read(onDa), 2e-6, 1e-7, $"da of {f}");
        Close.Check(db, Read(onDb), 2e-6, 1e-7, $"db of {f}");
    }

    [Test]
    public void Extrema_share_the_gradient_at_ties_and_let_NaN_win()
    {
        float[] a = [1, 2, 3, float.NaN, 1, float.NegativeInfinity], b = [2, 2, 1, 1, float.NaN, 0], dy = [2, 3, 5, 7, 11, 13];
        Check<Maximum>([2, 2, 3, double.NaN, double.NaN, 0], [0, 1.5, 5, 7, 11, 0], [2, 1.5, 0, 7, 11, 13]);
        Check<Minimum>([1, 2, 1, double.NaN, double.NaN, double.NegativeInfinity], [2, 1.5, 0, 7, 11, 13], [0, 1.5, 5, 7, 11, 0]);

        void Check<F>(double[] value, double[] gradientA, double[] gradientB) where F : struct, IBinary
        {
            for (int copies = 1; copies <= 7; copies += 6)                       // scalar and vector forms
            {
                var s = BroadcastShape.Of([6 * copies], [6 * copies]);
                ArrayView<float> onA = On(Repeat(a)), onB = On(Repeat(b)), onDy = On(Repeat(dy)), y = Fresh(s.Count), da = Fresh(s.Count), db = Fresh(s.Count);
                Device.Binary.Forward<F>(onA, onB, y, s);
                Device.Binary.BackwardA<F>(onA, onB, onDy, da, s);
                Device.Binary.BackwardB<F>(onA, onB, onDy, db, s);
                Close.Check(Repeat(value), Read(y), 0, 0, "y");
                Close.Check(Repeat(gradientA), Read(da), 0, 0, "da");
                Close.Check(Repeat(gradientB), Read(db), 0, 0, "db");

                T[] Repeat<T>(T[] v) => [.. Enumerable.Range(0, copies).SelectMany(_ => v)];
            }
        }
    }

    [Test]
    public void Power_has_finite_slopes_where_PyTorch_has()
    {
        float[] a = [0, 0, 2, -2], b = [0, 2, 0, 3], dy = [1, 1, 1, 1];
        var s = BroadcastShape.Of([4], [4]);
        ArrayView<float> da = Fresh(4), db = Fresh(4), y = Fresh(4);
        Device.Binary.Forward<Power>(On(a), On(b), y, s);
        Device.Binary.BackwardA<Power>(On(a), On(b), On(dy), da, s);
        Device.Binary.BackwardB<Power>(On(a), On(b), On(dy), db, s);
        Close.Check([1, 0, 1, -8], Read(y), 1e-7, 0, "y");
        Close.Check([0, 0, 0, 12], Read(da), 1e-7, 0, "da");
        Close.Check([0, 0, Math.Log(2), double.NaN], Read(db), 1e-7, 0, "db");
    }

    [Test]
    public void The_result_may_take_the_place_of_an_operand()
    {
        double[] a = Draw.Uniform(new Random(2), 5 * 23), b = Draw.Uniform(new Random(3), 23);
        var s = BroadcastShape.Of([5, 23], [23]);
        ArrayView<float> y = Fresh(5 * 23), place = On(a);
        Device.Binary.Forward<Subtract>(On(a), On(b), y, s);
        Device.Binary.Forward<Subtract>(place, On(b), place, s);
        Assert.That(Read(place), Is.EqualTo(Read(y)));
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.That(() => BroadcastShape.Of([2, 3], [2, 4]), Throws.TypeOf<ShapeException>().With.Message.EqualTo("broadcast: [2, 3] and [2, 4] differ in an axis where neither is 1"));
        Assert.That(() => Device.Binary.Forward<Add>(On(1f, 2f), On(1f), Fresh(3), BroadcastShape.Of([3], [1])), Throws.TypeOf<ShapeException>().With.Message.EqualTo("binary: a has 2 elements, expected 3"));
    }

    static int Size(int[] shape) => shape.Aggregate(1, (x, y) => x * y);
}
