using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>The numbers in words. Every sentence is derived from the results, none is written for one outcome.</summary>
public static class Prose
{
    public static string Name(ClassScore score) => score == ClassScore.Logit ? "logit" : "probability";

    public static string Name(TestKind test) => test switch { TestKind.Welch => "Welch's t-test", TestKind.Student => "Student's t-test", _ => "Mann–Whitney test" };

    /// <summary>The answer to the hypothesis in a few sentences, from the first score and the first test: where the groups differ, in which direction, how much.</summary>
    public static string Answer(RunResults r)
    {
        var regions = r.Primary.Regions;
        var differing = regions.Where(o => IsSignificant(r, o)).ToArray();
        string how = $"at the {Numbers.Percent(1 - r.Confidence)} level ({Name(r.Tests[0])} on the drop of the {Name(r.Primary.Score)}, Holm-corrected over {regions.Count} regions)";
        string who = Enumerate(r.Groups.Select(g => g.Name));
        string head = differing.Length == regions.Count ? $"Yes: {who} differ in every region {how}."
            : differing.Length > 0 ? $"In part: {who} differ in {differing.Length} of {regions.Count} regions, {Enumerate(differing.Select(d => d.Region))}, {how}."
            : $"No difference between {who} was found in any region {how}.";
        return head + Direction(r, differing) + Size(r, differing) + Untested(r, regions) + Contradiction(r);
    }

    static string Direction(RunResults r, RegionOutcome[] differing)
    {
        var sides = differing.GroupBy(o => Higher(o).Group).ToArray();
        string drop = $" The mean drop of the {Name(r.Primary.Score)} is larger for ";
        return sides.Length switch
        {
            0 => "",
            1 => $"{drop}{sides[0].Key} {(differing.Length == 1 ? "there" : "in each of them")}.",
            _ => $"{drop}{string.Join(" and for ", sides.Select(s => $"{s.Key} in the {Enumerate(s.Select(o => o.Region))}"))}.",
        };
    }

    static string Size(RunResults r, RegionOutcome[] differing) => differing.MaxBy(o => Math.Abs(o.CohenD.Value)) is not { } largest ? ""
        : $" The {(differing.Length == 1 ? "effect is" : $"largest effect is in the {largest.Region} {Part(r)}:")} |d|\u00A0=\u00A0{Numbers.Short(Math.Abs(largest.CohenD.Value))}.";

    static string Untested(RunResults r, IReadOnlyList<RegionOutcome> regions)
    {
        string[] without = [.. regions.Where(o => double.IsNaN(o.P(r.Tests[0]))).Select(o => o.Region)];
        return without.Length == 0 ? "" : $" No test was possible in the {Enumerate(without)}: the values do not vary there.";
    }

    // Two definitions of sensitivity can disagree about the direction; a reader of the first line should know.
    static string Contradiction(RunResults r)
    {
        var primary = r.Primary.Overall;
        var opposite = r.Scores.Skip(1).FirstOrDefault(s => IsSignificant(r, s.Overall) && IsSignificant(r, primary) && Higher(s.Overall).Group != Higher(primary).Group);
        return opposite is null ? ""
            : $" Over the whole image the two scores disagree: the drop of the {Name(r.Primary.Score)} is larger for {Higher(primary).Group}, " +
              $"the drop of the {Name(opposite.Score)} for {Higher(opposite.Overall).Group}.";
    }

    /// <summary>For each score, which group has the larger drop over the whole image: what can be compared with a study whose unit is unknown.</summary>
    public static string Directions(RunResults r) => string.Join(" ", r.Scores.Select(s => Direction(r, s)));

    static string Direction(RunResults r, ScoreOutcome s)
    {
        var (high, low, student) = (Higher(s.Overall), Lower(s.Overall), s.Overall.Student);
        string drop = $"Here the mean drop of the {Name(s.Score)} over the whole image is";
        if (double.IsNaN(student.P)) return $"{drop} {Numbers.Short(high.Mean)} for {high.Group} and {Numbers.Short(low.Mean)} for {low.Group}; no test is possible, the values do not vary.";
        string test = $"t = {Numbers.Long(student.T)} by Student's test, {Numbers.PEquals(student.P)}";
        return student.P < 1 - r.Confidence
            ? $"{drop} larger for {high.Group} ({Numbers.Short(high.Mean)} against {Numbers.Short(low.Mean)}; {test})."
            : $"{drop} {Numbers.Short(high.Mean)} for {high.Group} and {Numbers.Short(low.Mean)} for {low.Group}, no clear difference ({test}).";
    }

    /// <summary>One region in plain language.</summary>
    public static string Reading(RunResults r, ScoreOutcome score, RegionOutcome o)
    {
        var (high, low, p) = (Higher(o), Lower(o), o.P(r.Tests[0]));
        string place = o.Region == GroupComparison.WholeImage ? "The whole image" : $"The {o.Region} {Part(r)}";
        string means = $"Covering part of it {Change(score, high.Mean)} on average for {high.Group} and {Change(score, low.Mean, sameAs: high.Mean)} for {low.Group}";
        if (double.IsNaN(p)) return $"{place}: no test is possible, the values do not vary. {means}.";

        double sign = ReferenceEquals(high, o.Groups[0]) ? 1 : -1;
        string difference = $"difference {Numbers.Short(sign * o.Welch.Difference)}, {Numbers.Percent(r.Confidence)} interval {Range(sign * o.Welch.Lower, sign * o.Welch.Upper)}";
        string chance = $"{Numbers.PEquals(p)}{(o.Welch.PHolm is null ? "" : " after Holm's correction")}";
        if (!IsSignificant(r, o)) return $"{place}: no clear difference. {means} ({difference}; {chance}).";
        string facts = $"{difference}; {chance}; {Magnitude(o.CohenD.Value)} effect, |d|\u00A0=\u00A0{Numbers.Short(Math.Abs(o.CohenD.Value))}";
        return low.Mean >= 0
            ? $"{place} of {Article(high.Group)} is more sensitive than that of {Article(low.Group)}: covering part of it {Change(score, high.Mean)} on average, " +
              $"against {Numbers.Short(low.Mean)} ({facts})."
            : $"{place}: the groups differ. {means} ({facts}).";
    }

    // A drop below zero is a rise. The verb is not repeated where both means have one sign.
    static string Change(ScoreOutcome score, double mean, double sameAs = 0) =>
        mean == 0 ? $"leaves the {Name(score.Score)} as it is"
        : Math.Sign(mean) == Math.Sign(sameAs) ? $"by {Numbers.Short(Math.Abs(mean))}"
        : $"{(mean > 0 ? "lowers" : "raises")} the {Name(score.Score)} by {Numbers.Short(Math.Abs(mean))}";

    static string Part(RunResults r) => r.Regions.Count switch { 2 => "half", 3 => "third", 4 => "quarter", _ => "region" };

    public static bool IsSignificant(RunResults r, RegionOutcome o) => o.P(r.Tests[0]) < 1 - r.Confidence;

    /// <summary>|d| from 0.2 is small, from 0.5 medium, from 0.8 large (Cohen 1988); below 0.2 very small, from 1.2 very large (Sawilowsky 2009).</summary>
    public static string Magnitude(double d) => Math.Abs(d) switch { < 0.2 => "very small", < 0.5 => "small", < 0.8 => "medium", < 1.2 => "large", >= 1.2 => "very large", _ => "undefined" };

    /// <summary>What a column of p-values holds that ends in the whole image.</summary>
    public const string Correction = "p: regions, Holm-corrected over the regions; whole image, one test, not corrected.";

    public static string Range(double a, double b) => $"{Numbers.Short(Math.Min(a, b))} to {Numbers.Short(Math.Max(a, b))}";

    public static string Baseline(string baseline) => baseline switch
    {
        "mean" => "the image's own mean",
        "0" => "0, black: the background of these images",
        _ when baseline.StartsWith("blur:", StringComparison.Ordinal) => $"the image blurred with σ = {baseline[5..]} pixels",
        _ => baseline,
    };

    public static string Enumerate(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    /// <summary>"a 6", "an 8".</summary>
    public static string Article(string name) => name.Length > 0 && ("8aeioAEIO".Contains(name[0], StringComparison.Ordinal) || name is "11" or "18") ? $"an {name}" : $"a {name}";

    static GroupOutcome Higher(RegionOutcome o) => o.Groups[0].Mean >= o.Groups[1].Mean ? o.Groups[0] : o.Groups[1];
    static GroupOutcome Lower(RegionOutcome o) => o.Groups[0].Mean >= o.Groups[1].Mean ? o.Groups[1] : o.Groups[0];
}
