using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class ReduceTests(string deviceName) : DeviceTests(deviceName)
{
    static readonly ReduceShape[] Shapes =
    [
        new(7, 13, 1), new(3, 129, 1), new(1, 1, 1), new(5, 1, 3),
        new(2, 37, 3), new(3, 11, 7), new(2, 5, 8), new(3, 19, 32), new(2, 3, 43), new(2, 6, 131),
        new(0, 5, 3), new(5, 3, 0), new(2, 0, 3), new(4, 0, 1),
    ];

    static readonly ReduceShape[] LongShapes =
    [
        new(1, 70_001, 1), new(2, 17_001, 1),       // chunks along a row
        new(1, 4_501, 3), new(2, 541, 37), new(1, 259, 141),   // chunks along columns
        new(1, 3, 4_103), new(1, 2, 8_195),         // blocks of columns, an odd last one
    ];

    [TestCaseSource(nameof(Shapes)), TestCaseSource(nameof(LongShapes))]
    public void Sum_and_mean_agree_with_the_definition(ReduceShape s)
    {
        double[] x = Draw.Uniform(new Random(1), s.XSize, -1, 3);
        var y = Fresh(s.YSize);
        float scale = s.Length == 5 ? 1f : 1f / Math.Max(s.Length, 1);
        Device.Reduce.Along<Sum>(On(x), y, scale, s);
        Close.Check(Array.ConvertAll(ReduceDefinitions.Along(x, s, 0, (a, b) => a + b), v => v * scale), Read(y), 3e-6, 2e-7, $"{s}");
    }

    [TestCaseSource(nameof(Shapes)), TestCaseSource(nameof(LongShapes))]
    public void Maximum_and_minimum_are_exact(ReduceShape s)
    {
        double[] x = Draw.Uniform(new Random(2), s.XSize);
        var y = Fresh(s.YSize);
        Device.Reduce.Along<Maximum>(On(x), y, 1, s);
        Close.Check(ReduceDefinitions.Along(x, s, double.NegativeInfinity, Math.Max), Read(y), 0, 0, $"maximum, {s}");
        Device.Reduce.Along<Minimum>(On(x), y, 1, s);
        Close.Check(ReduceDefinitions.Along(x, s, double.PositiveInfinity, Math.Min), Read(y), 0, 0, $"minimum, {s}");
    }

    [Test]
    public void Scale_multiplies_the_result_once()
    {
        var y = Fresh(1);
        Device.Reduce.Along<Sum>(On(Enumerable.Repeat(1.0, 40_000).ToArray()), y, 0.5f, new(1, 40_000, 1));
        Assert.That(Read(y)[0], Is.EqualTo(20_000f));
    }

    [Test]
    public void Long_sums_keep_their_accuracy()
    {
        double[] x = Draw.Uniform(new Random(4), 200_001, 0, 1);
        var y = Fresh(1);
        Device.Reduce.Along<Sum>(On(x), y, 1, new(1, x.Length, 1));
        Close.Check([x.Sum()], Read(y), 3e-7, 0, "row");
        y = Fresh(3);
        var s = new ReduceShape(1, x.Length / 3, 3);
        Device.Reduce.Along<Sum>(On(x), y, 1, s);
        Close.Check(ReduceDefinitions.Along(x, s, 0, (a, b) => a + b), Read(y), 1e-6, 0, "columns");
    }

    [TestCase(1, 1), TestCase(1, 40), TestCase(3, 5), TestCase(11, 5), TestCase(35, 4)]
    public void Nan_wins_wherever_it_stands_and_infinities_are_values(int inner, int length)
    {
        var s = new ReduceShape(2, length, inner);
        double[] x = Draw.Uniform(new Random(5), s.XSize);
        int at = s.XSize - 1 - inner / 2;
        foreach (double special in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            x[at] = special;
            var y = Fresh(s.YSize);
            Device.Reduce.Along<Maximum>(On(x), y, 1, s);
            Close.Check(ReduceDefinitions.Along(x, s, double.NegativeInfinity, Math.Max), Read(y), 0, 0, $"maximum with {special}");
            Device.Reduce.Along<Minimum>(On(x), y, 1, s);
            Close.Check(ReduceDefinitions.Along(x, s, double.PositiveInfinity, Math.Min), Read(y), 0, 0, $"minimum with {special}");
            Device.Reduce.Along<Sum>(On(x), y, 1, s);
            Close.Check(ReduceDefinitions.Along(x, s, 0, (a, b) => a + b), Read(y), 1e-6, 1e-6, $"sum with {special}");
        }
    }

    [TestCase(3, 7, 1), TestCase(2, 19, 5), TestCase(1, 1, 3), TestCase(0, 4, 2)]
    public void ArgMax_is_the_first_of_the_largest(int outer, int length, int inner)
    {
        var s = new ReduceShape(outer, length, inner);
        var rng = new Random(6);
        double[] x = new double[s.XSize];
        for (int i = 0; i < x.Length; i++) x[i] = rng.Next(4);              // many ties
        int[] expected = new int[s.YSize];
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                var row = Enumerable.Range(0, length).Select(k => x[(o * length + k) * inner + i]).ToList();
                expected[o * inner + i] = row.IndexOf(row.Max());
            }
        var index = FreshIndices(s.YSize);
        Device.Reduce.ArgMax(On(x), index, s);
        Assert.That(Read(index), Is.EqualTo(expected));
    }

    [Test]
    public void ArgMax_takes_the_first_NaN()
    {
        var index = FreshIndices(3);
        float nan = float.NaN;
        Device.Reduce.ArgMax(On(1, nan, 9, nan, nan, 1, 2, 3, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, nan), index, new(3, 4, 1));
        Assert.That(Read(index), Is.EqualTo(new[] { 1, 0, 3 }));
    }

    [Test]
    public void ArgMax_of_an_empty_axis_is_refused() =>
        Assert.That(() => Device.Reduce.ArgMax(Fresh(0), FreshIndices(6), new(2, 0, 3)), Throws.TypeOf<ShapeException>().With.Message.EqualTo("argmax: the axis of [2, 0, 3] is empty"));
}
