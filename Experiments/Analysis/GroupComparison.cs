using IlgpuXai.Stats;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>From maps to tests: regional means per image, then every test per region, corrected by Holm over the regions.</summary>
public static class GroupComparison
{
    public const string WholeImage = "whole image";

    /// <param name="first">Maps of the first group, at least two.</param>
    /// <param name="second">Maps of the second group, at least two.</param>
    public static ScoreOutcome Of(ClassScore score, string firstName, IReadOnlyList<Map> first, string secondName, IReadOnlyList<Map> second, IReadOnlyList<Region> regions, double confidence)
    {
        var raw = regions.Select(r => Compare(r.Name, firstName, [.. first.Select(r.Mean)], secondName, [.. second.Select(r.Mean)], confidence)).ToArray();
        double[] welch = Holm(raw.Select(r => r.Welch.P)), student = Holm(raw.Select(r => r.Student.P)), ranks = Holm(raw.Select(r => r.MannWhitney.P));
        return new(score,
            [.. raw.Select((r, i) => r with
            {
                Welch = r.Welch with { PHolm = welch[i] },
                Student = r.Student with { PHolm = student[i] },
                MannWhitney = r.MannWhitney with { PHolm = ranks[i] },
            })],
            Compare(WholeImage, firstName, [.. first.Select(m => m.Mean())], secondName, [.. second.Select(m => m.Mean())], confidence));
    }

    // A region in which no image has any spread has no p-value; it still counts as one of the tests.
    static double[] Holm(IEnumerable<double> pValues)
    {
        double[] p = [.. pValues];
        double[] corrected = MultipleComparisons.Holm(Array.ConvertAll(p, v => double.IsNaN(v) ? 1 : v));
        return [.. corrected.Select((c, i) => double.IsNaN(p[i]) ? double.NaN : c)];
    }

    static RegionOutcome Compare(string region, string firstName, double[] a, string secondName, double[] b, double confidence)
    {
        var ranks = MannWhitney.Test(a, b);
        return new(region, [Describe(firstName, a, confidence), Describe(secondName, b, confidence)],
            Outcome(TTest.Welch(a, b, confidence: confidence)), Outcome(TTest.Student(a, b, confidence: confidence)), new(ranks.Statistic, ranks.PValue, null),
            Outcome(EffectSize.CohenD(a, b, confidence)), Outcome(EffectSize.HedgesG(a, b, confidence)), Outcome(EffectSize.CliffDelta(a, b, confidence)));
    }

    static GroupOutcome Describe(string name, double[] values, double confidence)
    {
        var s = Summary.Of(values, confidence);
        return new(name, s.Count, s.Mean, s.MeanInterval.Lower, s.MeanInterval.Upper, s.StandardDeviation, s.Median);
    }

    static TTestOutcome Outcome(TTestResult r) =>
        new(r.Statistic, r.DegreesOfFreedom, r.PValue, null, r.MeanDifference, r.MeanDifferenceInterval.Lower, r.MeanDifferenceInterval.Upper);

    static EffectOutcome Outcome(EffectSize e) => new(e.Value, e.Interval.Lower, e.Interval.Upper);
}
