using IlgpuXai.Experiments;
using IlgpuXai.Stats;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class AnalysisTests
{
    [Test]
    public void Thirds_of_28_rows_are_9_10_and_9() =>
        Assert.That(Region.Rows(["top", "middle", "bottom"], 28), Is.EqualTo((Region[])[new("top", 0, 8), new("middle", 9, 18), new("bottom", 19, 27)]));

    [TestCase(3, 3), TestCase(3, 28), TestCase(4, 30), TestCase(2, 7), TestCase(1, 5)]
    public void Every_row_lies_in_one_region(int bands, int height)
    {
        var regions = Region.Rows([.. Enumerable.Range(0, bands).Select(b => $"{b}")], height);
        Assert.That(regions.SelectMany(r => Enumerable.Range(r.FromRow, r.ToRow - r.FromRow + 1)), Is.EqualTo(Enumerable.Range(0, height)));
    }

    [Test]
    public void A_region_is_the_mean_over_its_rows()
    {
        var map = new Map(3, 2, [1, 2, 3, 4, 5, 9]);
        Assert.That(new Region("lower", 1, 2).Mean(map), Is.EqualTo(5.25));
        Assert.That(map.Mean(), Is.EqualTo(4));
    }

    [Test]
    public void Tests_run_on_regional_means_and_Holm_corrects_over_the_regions()
    {
        var random = new Random(8);
        Map[] Group(double shift, int n) => [.. Enumerable.Range(0, n).Select(_ => new Map(6, 2, [.. Enumerable.Range(0, 12).Select(i => (float)(random.NextDouble() + shift * (i / 4)))]))];
        Map[] a = Group(0.2, 9), b = Group(0.5, 7);
        var regions = Region.Rows(["top", "middle", "bottom"], 6);
        var outcome = GroupComparison.Of(ClassScore.Logit, "a", a, "b", b, regions, 0.9);

        var welch = regions.Select(r => TTest.Welch([.. a.Select(m => Mean(m, r))], [.. b.Select(m => Mean(m, r))], confidence: 0.9)).ToArray();
        double[] p = [.. welch.Select(w => w.PValue)], sorted = [.. p.Order()];
        for (int i = 0; i < 3; i++)
        {
            Assert.That(outcome.Regions[i].Welch.T, Is.EqualTo(welch[i].Statistic).Within(1e-9));
            Assert.That(outcome.Regions[i].Welch.Lower, Is.EqualTo(welch[i].MeanDifferenceInterval.Lower).Within(1e-9));
            double holm = Enumerable.Range(0, Array.IndexOf(sorted, p[i]) + 1).Max(k => Math.Min(1, (3 - k) * sorted[k]));
            Assert.That(outcome.Regions[i].Welch.PHolm, Is.EqualTo(holm).Within(1e-12));
        }
        Assert.That(outcome.Overall.Welch.PHolm, Is.Null);
        Assert.That(outcome.Overall.Groups.Select(g => g.Count), Is.EqualTo((int[])[9, 7]));

        static double Mean(Map m, Region r) => Enumerable.Range(0, 12).Where(i => i / 2 >= r.FromRow && i / 2 <= r.ToRow).Average(i => (double)m.Values[i]);
    }

    [Test]
    public void A_region_without_any_spread_has_no_p_value_and_does_not_stop_the_others()
    {
        Map[] Group(params float[] lower) => [.. lower.Select(v => new Map(2, 1, [0, v]))];
        var outcome = GroupComparison.Of(ClassScore.Probability, "a", Group(1, 2, 3), "b", Group(2, 3, 5), Region.Rows(["top", "bottom"], 2), 0.95);
        Assert.That(outcome.Regions[0].Welch.PHolm, Is.NaN);
        Assert.That(outcome.Regions[1].Welch.PHolm, Is.EqualTo(2 * outcome.Regions[1].Welch.P).Within(1e-12));
    }

    [TestCase(0.0, "0"), TestCase(1.234, "1.23"), TestCase(-0.045678, "−0.0457"), TestCase(123.456, "123"), TestCase(double.NaN, "undefined"), TestCase(1e-9, "1.00 × 10⁻⁹")]
    public void Numbers_read_as_in_print(double v, string expected) => Assert.That(Numbers.Short(v).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [TestCase(0.04567, "p = 0.046"), TestCase(3.14e-12, "p = 3.1 × 10⁻¹²"), TestCase(0.0, "p < 10⁻³⁰⁰")]
    public void P_values_read_as_in_print(double p, string expected) => Assert.That(Numbers.PEquals(p).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [Test]
    public void Every_preset_reads_and_bears_the_name_of_its_file()
    {
        Assert.That(PresetCatalogue.Names, Does.Contain("mnist-occlusion"));
        foreach (string name in PresetCatalogue.Names) Assert.That(PresetCatalogue.Get(name).Name, Is.EqualTo(name));
    }
}
