using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class TTestTests
{
    public record Golden(string Test, string Name, double[] A, double[] B, string Alternative, double Confidence,
                         double Statistic, double P, double Df, double Difference, double? Low, double? High);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("tTests", g => $"{g.Test}, {g.Name}, {g.Alternative}");

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_SciPy(Golden g)
    {
        var alternative = Goldens.Alternative(g.Alternative);
        var r = g.Test switch
        {
            "student" => TTest.Student(g.A, g.B, alternative, g.Confidence),
            "welch" => TTest.Welch(g.A, g.B, alternative, g.Confidence),
            _ => TTest.Paired(g.A, g.B, alternative, g.Confidence),
        };
        // At an offset of 1e9 SciPy's plain means are good to 1e-16·1e9 of a difference near 0.5, and p follows.
        bool offset = g.Name == "large offset";
        double rtol = offset ? 1e-6 : 1e-12;
        Goldens.Near(g.Difference, r.MeanDifference, rtol, "difference");
        Goldens.Near(g.Statistic, r.Statistic, rtol, "t");
        Goldens.Near(g.Df, r.DegreesOfFreedom, 1e-12, "degrees of freedom");
        Goldens.Near(g.P, r.PValue, offset ? 1e-5 : 1e-10, "p");
        Close.Check([g.Low ?? double.NegativeInfinity, g.High ?? double.PositiveInfinity], [r.MeanDifferenceInterval.Lower, r.MeanDifferenceInterval.Upper], rtol * 10, rtol, "interval");
        Assert.That(r.Alternative, Is.EqualTo(alternative));
        Assert.That(r.MeanDifferenceInterval.Confidence, Is.EqualTo(g.Confidence));
    }

    [Test]
    public void The_p_value_and_the_interval_say_the_same_at_any_level([Values] Alternative alternative, [Values(0.3, 0.5, 0.8, 0.99)] double confidence)
    {
        double[] a = [3.1, 2.7, 4.4, 3.9, 2.2], b = [2.9, 1.8, 2.4, 3.3, 2.6, 3.0, 1.9];
        double p = TTest.Welch(a, b, alternative).PValue;
        // Shifting a by the bound of the interval makes the difference just significant.
        var interval = TTest.Welch(a, b, alternative, confidence).MeanDifferenceInterval;
        double bound = alternative == Alternative.Less ? interval.Upper : interval.Lower;
        double[] shifted = [.. a.Select(x => x - bound)];
        Goldens.Near(1 - confidence, TTest.Welch(shifted, b, alternative).PValue, 1e-9, "p at the bound");
        Assert.That(interval.Contains(0), Is.EqualTo(p > 1 - confidence));
    }

    [Test]
    public void Different_means_without_spread_are_infinitely_far_apart()
    {
        foreach (var r in new[] { TTest.Student([2, 2], [1, 1, 1]), TTest.Welch([2, 2], [1, 1, 1]), TTest.Paired([2, 3, 4], [1, 2, 3]) })
        {
            Assert.That((r.Statistic, r.PValue), Is.EqualTo((double.PositiveInfinity, 0.0)), r.Name);
            Assert.That(r.MeanDifferenceInterval, Is.EqualTo(new Interval(1, 1, 0.95)), r.Name);
        }
        Assert.That(TTest.Welch([2, 2], [1, 1], Alternative.Less).PValue, Is.EqualTo(1));
        Assert.That(TTest.Welch([1, 1], [2, 2], Alternative.Less).PValue, Is.Zero);
        Assert.That(TTest.Welch([1, 1], [2, 2]).DegreesOfFreedom, Is.EqualTo(1));
    }

    [Test]
    public void Equal_means_without_spread_leave_t_and_p_undefined()
    {
        foreach (var r in new[] { TTest.Student([0.1, 0.1, 0.1], [0.1, 0.1]), TTest.Welch([0.1, 0.1, 0.1], [0.1, 0.1]), TTest.Paired([1, 2], [1, 2]) })
        {
            Assert.That(r.Statistic, Is.NaN, r.Name);
            Assert.That(r.PValue, Is.NaN, r.Name);
            Assert.That(r.MeanDifference, Is.Zero, r.Name);
        }
    }

    [Test]
    public void Tiny_and_huge_values_keep_their_t()
    {
        double[] a = [3, 5, 4, 7], b = [1, 2, 4];
        var r = TTest.Welch(a, b);
        foreach (double scale in new[] { 1e-150, 1e140 })
        {
            var s = TTest.Welch([.. a.Select(x => x * scale)], [.. b.Select(x => x * scale)]);
            Close.Check([r.Statistic, r.DegreesOfFreedom, r.PValue], [s.Statistic, s.DegreesOfFreedom, s.PValue], 1e-12, 0, $"scale {scale}");
        }
    }

    [Test]
    public void Bad_input_is_refused_with_one_clear_line()
    {
        Assert.That(() => TTest.Student([1], [1, 2]), Throws.ArgumentException.With.Message.EqualTo("Student's t-test: a has 1 value, needs at least 2"));
        Assert.That(() => TTest.Welch([1, 2], [3, double.NaN]), Throws.ArgumentException.With.Message.EqualTo("Welch's t-test: b[1] is NaN, expects finite numbers"));
        Assert.That(() => TTest.Paired([1, 2, 3], [1, 2]), Throws.ArgumentException.With.Message.EqualTo("paired t-test: a has 3 values, b has 2, expects pairs"));
        Assert.That(() => TTest.Welch([1, 2], [1, 2], confidence: 1), Throws.ArgumentException.With.Message.EqualTo("Welch's t-test: confidence is 1, expects a number between 0 and 1"));
    }
}
