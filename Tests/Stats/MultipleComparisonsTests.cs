using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class MultipleComparisonsTests
{
    public record Golden(double[] P, double[] Bonferroni, double[] Holm, double[] BenjaminiHochberg);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("corrections", g => $"{g.P.Length} p-values from {g.P.FirstOrDefault()}");

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_the_definitions(Golden g)
    {
        Close.Check(g.Bonferroni, MultipleComparisons.Bonferroni(g.P), 1e-15, 0, "Bonferroni");
        Close.Check(g.Holm, MultipleComparisons.Holm(g.P), 1e-15, 0, "Holm");
        Close.Check(g.BenjaminiHochberg, MultipleComparisons.BenjaminiHochberg(g.P), 1e-15, 0, "Benjamini–Hochberg");
    }

    [Test]
    public void A_small_example_worked_by_hand()
    {
        Close.Check([0.03, 0.06, 0.06], MultipleComparisons.Holm([0.01, 0.04, 0.03]), 1e-15, 0, "Holm");
        Close.Check([0.03, 0.04, 0.04], MultipleComparisons.BenjaminiHochberg([0.01, 0.04, 0.03]), 1e-15, 0, "Benjamini–Hochberg");
    }

    [Test]
    public void Bad_p_values_are_refused_with_one_clear_line()
    {
        Assert.That(() => MultipleComparisons.Holm([0.1, double.NaN]), Throws.ArgumentException.With.Message.EqualTo("Holm correction: p-value 1 is NaN, expects a number from 0 to 1"));
        Assert.That(() => MultipleComparisons.BenjaminiHochberg([-0.1]), Throws.ArgumentException.With.Message.EqualTo("Benjamini–Hochberg correction: p-value 0 is -0.1, expects a number from 0 to 1"));
        Assert.That(() => MultipleComparisons.Bonferroni([1.1]), Throws.ArgumentException.With.Message.EqualTo("Bonferroni correction: p-value 0 is 1.1, expects a number from 0 to 1"));
    }
}
