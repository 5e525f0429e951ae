using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class TDistributionTests
{
    public record Tail(double T, double Df, double P);
    public record CriticalValue(double Confidence, double Df, double T);
    public record Noncentral(double T, double Df, double Delta, double Below, double Above);

    static IEnumerable<TestCaseData> Tails => Goldens.Cases<Tail>("tTails", g => $"t {g.T}, {g.Df} degrees");
    static IEnumerable<TestCaseData> CriticalValues => Goldens.Cases<CriticalValue>("tCritical", g => $"{g.Confidence}, {g.Df} degrees");
    static IEnumerable<TestCaseData> Noncentrals => Goldens.Cases<Noncentral>("noncentralT", g => $"t {g.T}, {g.Df} degrees, delta {g.Delta}");

    [TestCaseSource(nameof(Tails))]
    public void Tails_of_t_agree_with_mpmath_as_far_as_the_exponential_of_their_logarithm_can(Tail g) =>
        Goldens.Near(g.P, StudentT.TwoSided(g.T, g.Df), 1e-14 + 2.2e-16 * Math.Abs(Math.Log(g.P)), "p");

    [TestCaseSource(nameof(CriticalValues))]
    public void Critical_values_of_t_agree_with_mpmath(CriticalValue g) => Goldens.Near(g.T, StudentT.Critical(g.Confidence, g.Df), 1e-11, "t");

    [TestCaseSource(nameof(Noncentrals))]
    public void Both_tails_of_noncentral_t_agree_with_mpmath(Noncentral g)
    {
        Goldens.Near(g.Below, NoncentralT.Below(g.T, g.Df, g.Delta), 1e-11, "below");
        Goldens.Near(g.Above, NoncentralT.Above(g.T, g.Df, g.Delta), 1e-11, "above");
    }

    [TestCase(0.7, 3)]
    [TestCase(-17.83, 198)]
    [TestCase(2.0, 1e5)]
    [TestCase(35, 12)]
    [TestCase(33, 1e5)]
    public void Without_noncentrality_both_distributions_agree(double t, double df) =>
        Goldens.Near(StudentT.PValue(t, df, Alternative.Greater), NoncentralT.Above(t, df, 0), 1e-11, "p");

    [TestCase(800.0, 3, 750.0)]
    [TestCase(60.0, 1e6, 61.0)]
    [TestCase(-250.0, 2, -3.0)]
    public void The_tails_of_extreme_noncentral_t_add_up_to_one(double t, double df, double delta) =>
        Goldens.Near(1, NoncentralT.Below(t, df, delta) + NoncentralT.Above(t, df, delta), 1e-11, "sum");

    [Test]
    public void Noncentralities_at_the_ends_of_the_interval_put_half_of_the_rest_in_each_tail()
    {
        var delta = NoncentralT.NoncentralityInterval(-17.83, 198, 0.9);
        Goldens.Near(0.05, NoncentralT.Above(-17.83, 198, delta.Lower), 1e-10, "lower");
        Goldens.Near(0.05, NoncentralT.Below(-17.83, 198, delta.Upper), 1e-10, "upper");
    }

    [Test]
    public void The_ends_of_the_line_are_certain_and_NaN_stays_NaN()
    {
        Assert.That(StudentT.TwoSided(0, 5), Is.EqualTo(1));
        Assert.That(StudentT.TwoSided(double.NegativeInfinity, 5), Is.Zero);
        Assert.That(StudentT.TwoSided(double.NaN, 5), Is.NaN);
        Goldens.Near(2 / Math.PI * 1e-200, StudentT.TwoSided(1e200, 1), 1e-12, "Cauchy's tail");
    }

    [Test]
    public void Impossible_degrees_of_freedom_are_refused([Values(0, -1, double.NaN, double.PositiveInfinity)] double df)
    {
        Assert.That(() => StudentT.TwoSided(1, df), Throws.ArgumentException.With.Message.Contains("degreesOfFreedom is"));
        Assert.That(() => NoncentralT.Below(1, df, 2), Throws.ArgumentException.With.Message.Contains("degreesOfFreedom is"));
    }
}
