using FsCheck;
using FsCheck.Fluent;
using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What holds for any two groups and any p-values, tried on generated ones from a fixed seed.</summary>
public class StatsProperties
{
    // Multiples of 1/16 below 2⁹: shifting and scaling by small whole numbers is exact, so that only the statistics round.
    static readonly Gen<double> Number = Gen.Choose(-8000, 8000).Select(i => i / 16.0);
    static readonly Gen<(double[] A, double[] B)> Groups =
        from na in Gen.Choose(2, 12)
        from nb in Gen.Choose(2, 12)
        from a in Number.ArrayOf(na)
        from b in Number.ArrayOf(nb)
        where a.Distinct().Count() > 1 && b.Distinct().Count() > 1
        select (a, b);
    static readonly Gen<double[]> PValues =
        from n in Gen.Choose(0, 15)
        from p in Gen.Choose(0, 40).Select(i => i / 40.0).ArrayOf(n)       // coarse, so that ties occur
        select p;

    static void Holds<T>(Gen<T> values, Action<T> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20240611, 7), Prop.ForAll(values.ToArbitrary(), value => { check(value); return true; }));

    static double[] Map(double[] x, Func<double, double> f) => [.. x.Select(f)];

    [Test]
    public void Swapping_the_groups_flips_every_sign_and_keeps_every_p() => Holds(Groups, g =>
    {
        var (a, b) = g;
        foreach (var (one, other) in new[] { (TTest.Student(a, b), TTest.Student(b, a)), (TTest.Welch(a, b), TTest.Welch(b, a)) })
        {
            Close.Check([-one.Statistic, one.PValue, -one.MeanDifferenceInterval.Upper, -one.MeanDifferenceInterval.Lower],
                        [other.Statistic, other.PValue, other.MeanDifferenceInterval.Lower, other.MeanDifferenceInterval.Upper], 1e-10, 1e-10, one.Name);
        }
        foreach (var (one, other) in new[]
        {
            (EffectSize.CohenD(a, b), EffectSize.CohenD(b, a)), (EffectSize.HedgesG(a, b), EffectSize.HedgesG(b, a)), (EffectSize.CliffDelta(a, b), EffectSize.CliffDelta(b, a)),
        })
        {
            Close.Check([-one.Value, -one.Interval.Upper, -one.Interval.Lower], [other.Value, other.Interval.Lower, other.Interval.Upper], 1e-9, 1e-9, one.Name);
        }
        Close.Check([(double)a.Length * b.Length - MannWhitney.Test(a, b).Statistic, MannWhitney.Test(a, b, Alternative.Less).PValue],
                    [MannWhitney.Test(b, a).Statistic, MannWhitney.Test(b, a, Alternative.Greater).PValue], 1e-12, 0, "U");
    });

    [Test]
    public void Shifting_both_groups_changes_nothing() => Holds(Groups, g =>
    {
        var (a, b) = g;
        double[] a1 = Map(a, x => x + 1024), b1 = Map(b, x => x + 1024);
        var (one, other) = (TTest.Welch(a, b), TTest.Welch(a1, b1));
        Close.Check([one.Statistic, one.DegreesOfFreedom, one.PValue], [other.Statistic, other.DegreesOfFreedom, other.PValue], 1e-9, 1e-11, "Welch");
        Goldens.Near(EffectSize.CohenD(a, b).Value, EffectSize.CohenD(a1, b1).Value, 1e-9, "d", 1e-11);
        Assert.That(MannWhitney.Test(a1, b1), Is.EqualTo(MannWhitney.Test(a, b)));
        Assert.That(EffectSize.CliffDelta(a1, b1), Is.EqualTo(EffectSize.CliffDelta(a, b)));
        Assert.That(PermutationTest.Run(a1, b1, seed: 3, resamples: 99).PValue, Is.EqualTo(PermutationTest.Run(a, b, seed: 3, resamples: 99).PValue));
    });

    [Test]
    public void Effect_sizes_do_not_depend_on_the_unit() => Holds(Groups, g =>
    {
        var (a, b) = g;
        double[] a1 = Map(a, x => x * 3), b1 = Map(b, x => x * 3);
        var (one, other) = (EffectSize.CohenD(a, b), EffectSize.CohenD(a1, b1));
        Close.Check([one.Value, one.Interval.Lower, one.Interval.Upper], [other.Value, other.Interval.Lower, other.Interval.Upper], 1e-9, 1e-9, "d");
        Assert.That(EffectSize.CliffDelta(a1, b1), Is.EqualTo(EffectSize.CliffDelta(a, b)));
    });

    [Test]
    public void One_sided_p_values_complement_each_other_and_the_smaller_is_half_the_two_sided() => Holds(Groups, g =>
    {
        double less = TTest.Welch(g.A, g.B, Alternative.Less).PValue, greater = TTest.Welch(g.A, g.B, Alternative.Greater).PValue;
        Goldens.Near(1, less + greater, 1e-12, "sum");
        Goldens.Near(TTest.Welch(g.A, g.B).PValue, 2 * Math.Min(less, greater), 1e-12, "two-sided");
    });

    [Test]
    public void Groups_of_one_size_give_Student_and_Welch_the_same_t() => Holds(Groups, g =>
    {
        int n = Math.Min(g.A.Length, g.B.Length);
        double[] a = g.A[..n], b = g.B[..n];
        var (student, welch) = (TTest.Student(a, b), TTest.Welch(a, b));
        Close.Check([student.Statistic], [welch.Statistic], 1e-12, 0, "t");
        Assert.That(welch.DegreesOfFreedom, Is.NaN.Or.LessThanOrEqualTo(student.DegreesOfFreedom * (1 + 1e-12)));
    });

    [Test]
    public void Effect_sizes_lie_inside_their_intervals() => Holds(Groups, g =>
    {
        foreach (var effect in new[] { EffectSize.CohenD(g.A, g.B), EffectSize.HedgesG(g.A, g.B), EffectSize.CliffDelta(g.A, g.B) })
            Assert.That(effect.Interval.Contains(effect.Value), $"{effect}");
        var delta = EffectSize.CliffDelta(g.A, g.B);
        Assert.That((delta.Interval.Lower >= -1, delta.Interval.Upper <= 1), Is.EqualTo((true, true)), $"{delta}");
        Goldens.Near(2 * MannWhitney.Test(g.A, g.B).Statistic / (g.A.Length * g.B.Length) - 1, delta.Value, 1e-12, "delta from U", 1e-15);
    });

    [Test]
    public void Corrections_never_lower_p_and_keep_its_order() => Holds(PValues, p =>
    {
        double[] bonferroni = MultipleComparisons.Bonferroni(p), holm = MultipleComparisons.Holm(p), hochberg = MultipleComparisons.BenjaminiHochberg(p);
        for (int i = 0; i < p.Length; i++)
        {
            Assert.That((p[i] <= hochberg[i], hochberg[i] <= holm[i] * (1 + 1e-15), holm[i] <= bonferroni[i], bonferroni[i] <= 1), Is.EqualTo((true, true, true, true)), $"p-value {i}");
            for (int j = 0; j < p.Length; j++)
                if (p[i] <= p[j]) Assert.That((holm[i] <= holm[j], hochberg[i] <= hochberg[j]), Is.EqualTo((true, true)), $"{i} and {j}");
        }
    });

    [Test]
    public void Corrections_follow_their_p_values_around() => Holds(PValues, p =>
    {
        double[] reversed = [.. p.Reverse()];
        Assert.That(MultipleComparisons.Holm(reversed).Reverse(), Is.EqualTo(MultipleComparisons.Holm(p)));
        Assert.That(MultipleComparisons.BenjaminiHochberg(reversed).Reverse(), Is.EqualTo(MultipleComparisons.BenjaminiHochberg(p)));
    });
}
