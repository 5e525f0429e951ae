using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>The regional means of one group: n, mean with its confidence interval, spread.</summary>
public sealed record GroupOutcome(string Group, int Count, double Mean, double Lower, double Upper, double StandardDeviation, double Median);

/// <summary>A t-test of first minus second group. PHolm is corrected over the regions; null for the whole image, which is one test.</summary>
public sealed record TTestOutcome(double T, double DegreesOfFreedom, double P, double? PHolm, double Difference, double Lower, double Upper);

/// <summary>A Mann–Whitney test; U counts pairs in which the first group's value is larger.</summary>
public sealed record RankTestOutcome(double U, double P, double? PHolm);

/// <summary>An effect size with its confidence interval; positive where the first group is larger.</summary>
public sealed record EffectOutcome(double Value, double Lower, double Upper);

/// <summary>The two groups compared in one region.</summary>
public sealed record RegionOutcome(
    string Region, IReadOnlyList<GroupOutcome> Groups, TTestOutcome Welch, TTestOutcome Student, RankTestOutcome MannWhitney,
    EffectOutcome CohenD, EffectOutcome HedgesG, EffectOutcome CliffDelta)
{
    /// <summary>The p-value of a test, corrected over the regions where there are several.</summary>
    public double P(TestKind test) => test switch
    {
        TestKind.Welch => Welch.PHolm ?? Welch.P,
        TestKind.Student => Student.PHolm ?? Student.P,
        _ => MannWhitney.PHolm ?? MannWhitney.P,
    };
}

/// <summary>All comparisons of one score: region by region, and over the whole image.</summary>
public sealed record ScoreOutcome(ClassScore Score, IReadOnlyList<RegionOutcome> Regions, RegionOutcome Overall);
