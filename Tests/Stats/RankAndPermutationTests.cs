using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class MannWhitneyTests
{
    public record Golden(string Name, double[] A, double[] B, string Alternative, double U, double P, bool Exact);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("mannWhitney", g => $"{g.Name}, {g.Alternative}");

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_SciPy(Golden g)
    {
        var r = MannWhitney.Test(g.A, g.B, Goldens.Alternative(g.Alternative));
        Assert.That((r.Statistic, r.Exact), Is.EqualTo((g.U, g.Exact)));
        Goldens.Near(g.P, r.PValue, 1e-12, "p");
    }

    [TestCase(3, 4)]
    [TestCase(5, 2)]
    public void The_exact_p_value_counts_every_ordering(int na, int nb)
    {
        var us = Subsets(na, na + nb).Select(ranks => ranks.Sum() - na * (na + 1) / 2.0).ToList();
        foreach (var ranks in Subsets(na, na + nb))
        {
            double[] a = [.. ranks.Select(r => (double)r)], b = [.. Enumerable.Range(1, na + nb).Except(ranks).Select(r => (double)r)];
            double u = ranks.Sum() - na * (na + 1) / 2.0;
            Goldens.Near(us.Count(v => v >= u) / (double)us.Count, MannWhitney.Test(a, b, Alternative.Greater).PValue, 1e-14, "greater");
            Goldens.Near(us.Count(v => v <= u) / (double)us.Count, MannWhitney.Test(a, b, Alternative.Less).PValue, 1e-14, "less");
        }
    }

    /// <summary>All subsets of k of the numbers 1 … n.</summary>
    static IEnumerable<int[]> Subsets(int k, int n) =>
        Enumerable.Range(0, 1 << n).Where(mask => int.PopCount(mask) == k).Select(mask => Enumerable.Range(1, n).Where(i => (mask >> (i - 1) & 1) == 1).ToArray());

    [Test]
    public void One_value_against_many_is_exact_and_bounded()
    {
        double[] many = [.. Enumerable.Range(0, 5000).Select(i => (double)i)];
        Goldens.Near(2.0 / 5001, MannWhitney.Test([9999], many).PValue, 1e-14, "p");
    }

    [Test]
    public void Groups_of_equal_values_do_not_differ([Values] Alternative alternative) =>
        Assert.That(MannWhitney.Test([2, 2, 2], [2, 2], alternative).PValue, Is.EqualTo(1));

    [Test]
    public void Bad_input_is_refused_with_one_clear_line()
    {
        Assert.That(() => MannWhitney.Test([], [1]), Throws.ArgumentException.With.Message.EqualTo("Mann–Whitney U test: a has 0 values, needs at least 1"));
        Assert.That(() => MannWhitney.Test([1], [double.NaN]), Throws.ArgumentException.With.Message.EqualTo("Mann–Whitney U test: b[0] is NaN, expects finite numbers"));
    }
}

public class PermutationTestTests
{
    public record Golden(string Name, double[] A, double[] B, string Alternative, double Statistic, double P, int Splits);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("permutation", g => $"{g.Name}, {g.Alternative}");
    static IEnumerable<TestCaseData> CasesOfManySplits => Cases.Where(c => ((Golden)c.Arguments[0]!).Splits > 500);

    [TestCaseSource(nameof(Cases))]
    public void All_splits_give_SciPys_exact_p_value(Golden g)
    {
        var r = PermutationTest.Run(g.A, g.B, seed: 1, resamples: 10_000, Goldens.Alternative(g.Alternative));
        Assert.That((r.Exact, r.Permutations), Is.EqualTo((true, g.Splits)));
        Goldens.Near(g.Statistic, r.Statistic, 1e-13, "statistic");
        Goldens.Near(g.P, r.PValue, 1e-14, "p");
    }

    [TestCaseSource(nameof(CasesOfManySplits))]
    public void Random_splits_come_close_to_all_splits(Golden g)
    {
        int resamples = g.Splits - 1;
        var r = PermutationTest.Run(g.A, g.B, seed: 5, resamples, Goldens.Alternative(g.Alternative));
        Assert.That((r.Exact, r.Permutations), Is.EqualTo((false, resamples)));
        // Four standard errors of a share, doubled for the two-sided p.
        Assert.That(r.PValue, Is.EqualTo(g.P).Within(8 * Math.Sqrt(g.P * (1 - g.P / 2) / resamples)));
    }

    [Test]
    public void The_same_seed_gives_the_same_p_and_another_seed_another()
    {
        var random = new Random(3);
        double[] a = [.. Enumerable.Range(0, 30).Select(_ => random.NextDouble())], b = [.. Enumerable.Range(0, 25).Select(_ => random.NextDouble() + 0.05)];
        double p = PermutationTest.Run(a, b, seed: 7).PValue;
        Assert.That(PermutationTest.Run(a, b, seed: 7).PValue, Is.EqualTo(p));
        Assert.That(PermutationTest.Run(a, b, seed: 8).PValue, Is.Not.EqualTo(p));
        Goldens.Near(TTest.Student(a, b).PValue, p, 0.1, "p near the t-test's", atol: 0.02);
    }

    [Test]
    public void Random_splits_never_give_zero()
    {
        double[] a = [.. Enumerable.Range(0, 20).Select(i => (double)i)], b = [.. a.Select(x => x + 1000)];
        Assert.That(PermutationTest.Run(a, b, seed: 1, resamples: 99, Alternative.Less).PValue, Is.EqualTo(1.0 / 100));
    }

    [Test]
    public void Another_statistic_takes_the_place_of_the_mean_difference()
    {
        double[] a = [1, 2, 30], b = [4, 5, 6, 7];
        var r = PermutationTest.Run(a, b, seed: 1, alternative: Alternative.Less, statistic: (x, y) => Descriptive.Median(x) - Descriptive.Median(y));
        Assert.That(r.Statistic, Is.EqualTo(-3.5));
        // By hand: {1, 2, x} lies at least 3.5 below the rest for each of the five x; the next lowest, {1, 4, x}, at most 2.5.
        Goldens.Near(5 / 35.0, r.PValue, 1e-14, "p");
    }

    [Test]
    public void A_tiny_scale_changes_nothing()
    {
        double[] a = [0.1, 0.2, 0.3, 0.7], b = [0.2, 0.4, 0.6];
        double p = PermutationTest.Run(a, b, seed: 1).PValue;
        Assert.That(PermutationTest.Run([.. a.Select(x => x * 1e-30)], [.. b.Select(x => x * 1e-30)], seed: 1).PValue, Is.EqualTo(p));
    }

    [Test]
    public void Bad_input_is_refused_with_one_clear_line()
    {
        Assert.That(() => PermutationTest.Run([], [1], seed: 1), Throws.ArgumentException.With.Message.EqualTo("permutation test: a has 0 values, needs at least 1"));
        Assert.That(() => PermutationTest.Run([1], [2], seed: 1, resamples: 0), Throws.ArgumentException.With.Message.EqualTo("permutation test: resamples is 0, expects at least 1"));
        Assert.That(() => PermutationTest.Run([1], [2], seed: 1, statistic: (_, _) => double.NaN), Throws.ArgumentException.With.Message.EqualTo("permutation test: the statistic is NaN"));
    }
}
