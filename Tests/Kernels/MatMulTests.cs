using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.Products))]
sealed class MatMulTests(string deviceName)
{
    // rounding of sums of this length and of the order in which tiles add them
    const double Rounding = 4e-7;

    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    static IEnumerable<TestCaseData> Shapes
    {
        get
        {
            foreach (bool ta in (bool[])[false, true])
            foreach (bool tb in (bool[])[false, true])
            {
                string how = $"{(ta ? "Aᵀ" : "A")}·{(tb ? "Bᵀ" : "B")}";
                yield return Case($"{how}, inside a tile", new(5, 7, 3, ta, tb));
                yield return Case($"{how}, across tiles of 32", new(35, 66, 19, ta, tb));
                yield return Case($"{how}, across tiles of 64", new(67, 65, 33, ta, tb));
                yield return Case($"{how}, a batch", new(6, 9, 17, ta, tb, batch: 3));
                yield return Case($"{how}, one left matrix for a batch", new(4, 11, 6, ta, tb, batch: 3, shareA: true));
                yield return Case($"{how}, one right matrix for a batch", new(7, 4, 5, ta, tb, batch: 4, shareB: true));
                yield return Case($"{how}, both shared", new(3, 5, 2, ta, tb, batch: 4, shareA: true, shareB: true));
            }
            yield return Case("one number", new(1, 1, 1));
            yield return Case("a row times a column", new(1, 1, 70));
            yield return Case("a column times a row", new(15, 34, 1));
            yield return Case("a matrix times a column", new(17, 1, 35));
            yield return Case("a row times a matrix", new(1, 39, 18, transposeB: true));
            yield return Case("empty sums are zeros", new(3, 5, 0));
        }
    }

    static IEnumerable<TestCaseData> ShapesWithSums => Shapes.Where(c => c.Arguments[0] is MatMulShape { K: > 0 });

    static TestCaseData Case(string why, MatMulShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    [TestCaseSource(nameof(Shapes))]
    public void The_product_agrees_with_the_definition(MatMulShape s)
    {
        double[] a = Draw.Uniform(new(1), (s.StrideA == 0 ? 1 : s.Batch) * s.M * s.K), b = Draw.Uniform(new(2), (s.StrideB == 0 ? 1 : s.Batch) * s.K * s.N);
        MatMulDefinition.Multiply(a, b, s).Check(Multiply(a, b, s), Rounding, $"c of {s}");
    }

    [TestCaseSource(nameof(ShapesWithSums))]
    public void A_NaN_reaches_the_sums_it_belongs_to_and_no_other(MatMulShape s)
    {
        double[] a = Draw.Uniform(new(3), (s.StrideA == 0 ? 1 : s.Batch) * s.M * s.K), b = Draw.Uniform(new(4), (s.StrideB == 0 ? 1 : s.Batch) * s.K * s.N);
        Array.Clear(b);                                                 // 0·NaN is NaN too
        a[a.Length * 2 / 3] = double.NaN;
        b[b.Length / 3] = double.PositiveInfinity;
        var expected = MatMulDefinition.Multiply(a, b, s).Values;
        Assert.That(Multiply(a, b, s).Select(float.IsNaN), Is.EqualTo(expected.Select(double.IsNaN)));
    }

    [Test]
    public void A_short_view_is_refused()
    {
        using var operands = new Operands(_device);
        var c = operands.Out(6);
        Assert.That(() => _device.MatMul.Multiply(operands.In(new double[7]).View, operands.In(new double[12]).View, c.View, new(2, 3, 4)), Throws.TypeOf<ShapeException>());
        Assert.That(c.Read(), Is.All.NaN);
    }

    float[] Multiply(double[] a, double[] b, MatMulShape s)
    {
        using var operands = new Operands(_device);
        var c = operands.Out(s.Batch * s.M * s.N, "c");
        _device.MatMul.Multiply(operands.In(a).View, operands.In(b).View, c.View, s);
        return c.Read();
    }
}

/// <summary>Sizes on both sides of every border of tiles, panels and blocks.</summary>
[TestFixtureSource(typeof(FastDevices), nameof(FastDevices.All))]
sealed class MatMulSizeTests(string deviceName)
{
    static readonly int[] Borders =
        [1, 2, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 27, 28, 29, 31, 32, 33, 41, 42, 43, 47, 48, 49, 63, 64, 65, 127, 128, 129, 255, 256, 257, 383, 384, 385, 511, 512, 513, 1023, 1025];

    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    [Test]
    public void Every_border_of_every_axis_agrees_with_the_definition([Values] bool transposeA, [Values] bool transposeB, [Values('M', 'N', 'K')] char axis)
    {
        var random = new Random(axis);
        foreach (int size in Borders)
        {
            int M = random.Next(1, 40), N = random.Next(1, 70), K = random.Next(1, 50);
            if (axis == 'M') M = size;
            if (axis == 'N') N = size;
            if (axis == 'K') K = size;
            Check(new(M, N, K, transposeA, transposeB), random);
        }
    }

    [TestCase(257, 129, 513)]
    [TestCase(30, 1030, 390)]
    [TestCase(400, 33, 1100)]
    public void Several_blocks_of_every_axis_agree_with_the_definition(int M, int N, int K)
    {
        var random = new Random(M);
        Check(new(M, N, K), random);
        Check(new(M, N, K, transposeA: true), random);
        Check(new(M, N, K, transposeB: true), random);
    }

    void Check(MatMulShape s, Random random)
    {
        double[] a = Draw.Uniform(random, s.M * s.K), b = Draw.Uniform(random, s.K * s.N);
        using var operands = new Operands(_device);
        var c = operands.Out(s.M * s.N, "c");
        _device.MatMul.Multiply(operands.In(a).View, operands.In(b).View, c.View, s);
        MatMulDefinition.Multiply(a, b, s).Check(c.Read(), 4e-7, $"c of {s}");
    }
}
