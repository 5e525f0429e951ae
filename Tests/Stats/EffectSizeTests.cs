using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class EffectSizeTests
{
    public record Golden(string Name, double[] A, double[] B, double Confidence, double D, double DLow, double DHigh, double G, double GLow, double GHigh,
                         double Delta, double DeltaLow, double DeltaHigh);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("effects", g => g.Name);

    [TestCaseSource(nameof(Cases))]
    public void Cohens_d_and_Hedges_g_agree_with_SciPys_noncentral_t(Golden g)
    {
        // SciPy's nct is good to about ten digits.
        var d = EffectSize.CohenD(g.A, g.B, g.Confidence);
        Close.Check([g.D, g.DLow, g.DHigh], [d.Value, d.Interval.Lower, d.Interval.Upper], 1e-9, 1e-10, d.Name);
        var hedges = EffectSize.HedgesG(g.A, g.B, g.Confidence);
        Close.Check([g.G, g.GLow, g.GHigh], [hedges.Value, hedges.Interval.Lower, hedges.Interval.Upper], 1e-9, 1e-10, hedges.Name);
    }

    [TestCaseSource(nameof(Cases))]
    public void Cliffs_delta_agrees_with_the_dominance_matrix(Golden g)
    {
        var delta = EffectSize.CliffDelta(g.A, g.B, g.Confidence);
        Close.Check([g.Delta, g.DeltaLow, g.DeltaHigh], [delta.Value, delta.Interval.Lower, delta.Interval.Upper], 1e-11, 1e-13, delta.Name);
    }

    [Test]
    public void Cliffs_delta_of_a_well_known_example_has_the_interval_of_Rs_effsize()
    {
        // cliff.delta of the R package effsize prints δ = −0.25, 95 percent from −0.7265846 to 0.3890062.
        var delta = EffectSize.CliffDelta([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50]);
        Close.Check([-0.25, -0.7265846, 0.3890062], [delta.Value, delta.Interval.Lower, delta.Interval.Upper], 0, 5e-8, "delta");
    }

    [Test]
    public void The_interval_of_d_excludes_zero_exactly_when_the_t_test_is_significant()
    {
        var random = new Random(11);
        int significant = 0;
        for (int i = 0; i < 60; i++)
        {
            double[] a = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble())], b = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble() + 0.3)];
            bool rejects = TTest.Student(a, b).PValue < 0.05;
            Assert.That(EffectSize.CohenD(a, b).Interval.Contains(0), Is.EqualTo(!rejects));
            if (rejects) significant++;
        }
        Assert.That(significant, Is.InRange(10, 50), "both outcomes occur");
    }

    [Test]
    public void The_interval_of_d_covers_the_true_effect_as_often_as_it_says()
    {
        var random = new MathNet.Numerics.Distributions.Normal(0, 1, new Random(17));
        const int n = 400;
        int covered = 0;
        for (int i = 0; i < n; i++)
        {
            double[] a = [.. random.Samples().Take(8).Select(x => x + 1.2)], b = [.. random.Samples().Take(5)];
            if (EffectSize.CohenD(a, b, 0.8).Interval.Contains(1.2)) covered++;
        }
        // Three standard errors of a share of 0.8 over n experiments.
        Assert.That(covered / (double)n, Is.EqualTo(0.8).Within(3 * Math.Sqrt(0.8 * 0.2 / n)));
    }

    [Test]
    public void Without_spread_d_is_infinite_or_undefined()
    {
        Assert.That(EffectSize.CohenD([2, 2], [1, 1]), Is.EqualTo(new EffectSize("Cohen's d", double.PositiveInfinity, new(double.PositiveInfinity, double.PositiveInfinity, 0.95))));
        Assert.That(EffectSize.HedgesG([1, 1], [1, 1]).Value, Is.NaN);
    }

    [Test]
    public void Cliffs_delta_of_equal_values_is_zero_with_the_smallest_variance_there_can_be()
    {
        var delta = EffectSize.CliffDelta([1, 1], [1, 1]);
        // s² = 1/(2·2 − 1) and t(0.95, 2) = 4.3026527299: bounds ±√(t²s²/(1 + t²s²)).
        double ts = 4.3026527299 * 4.3026527299 / 3;
        Close.Check([0, -Math.Sqrt(ts / (1 + ts)), Math.Sqrt(ts / (1 + ts))], [delta.Value, delta.Interval.Lower, delta.Interval.Upper], 1e-10, 0, "delta");
    }

    [Test]
    public void Bad_input_is_refused_with_one_clear_line()
    {
        Assert.That(() => EffectSize.CohenD([1], [1, 2]), Throws.ArgumentException.With.Message.EqualTo("Cohen's d: a has 1 value, needs at least 2"));
        Assert.That(() => EffectSize.HedgesG([1, 2], [1, double.NaN]), Throws.ArgumentException.With.Message.EqualTo("Hedges' g: b[1] is NaN, expects finite numbers"));
        Assert.That(() => EffectSize.CliffDelta([1, 2], [1, 2], 0), Throws.ArgumentException.With.Message.EqualTo("Cliff's delta: confidence is 0, expects a number between 0 and 1"));
    }
}
