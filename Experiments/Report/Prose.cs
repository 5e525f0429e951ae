using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>The numbers in words. Every sentence is derived from the results, none is written for one outcome.</summary>
public static class Prose
{
    public static string Name(ClassScore score) => score == ClassScore.Logit ? "logit" : "probability";

    public static string Name(TestKind test) => test switch { TestKind.Welch => "Welch's t-test", TestKind.Student => "Student's t-test", _ => "Mann–Whitney test" };

    /// <summary>The answer to the hypothesis in one sentence or two, from the first score and the first test.</summary>
    public static string Answer(RunResults r)
    {
        var regions = r.Primary.Regions;
        var differing = regions.Where(o => IsSignificant(r, o)).ToArray();
        string how = $"at the {Numbers.Percent(1 - r.Confidence)} level ({Name(r.Tests[0])} on the drop of the {Name(r.Primary.Score)}, Holm-corrected over {regions.Count} regions)";
        string head = differing.Length == regions.Count ? $"Yes: the two digits differ in every region {how}."
            : differing.Length > 0 ? $"In part: the two digits differ in {differing.Length} of {regions.Count} regions, {Enumerate(differing.Select(d => d.Region))}, {how}."
            : $"No difference was found in any region {how}.";
        var largest = differing.MaxBy(o => Math.Abs(o.CohenD.Value));
        return largest is null ? head : $"{head} The largest effect is in the {largest.Region} {Part(r)}, where covering part of {Article(Higher(largest).Group)} costs more: |d| = {Numbers.Short(Math.Abs(largest.CohenD.Value))}.{Contradiction(r)}";
    }

    // Two definitions of sensitivity can disagree about the direction; a reader of the first line should know.
    static string Contradiction(RunResults r)
    {
        var opposite = r.Scores.Skip(1).FirstOrDefault(s => IsSignificant(r, s.Overall) && IsSignificant(r, r.Primary.Overall) && Higher(s.Overall).Group != Higher(r.Primary.Overall).Group);
        return opposite is null ? "" : $" Judged by the {Name(opposite.Score)} instead, the direction over the whole image is the opposite: there, covering {Article(Higher(opposite.Overall).Group)} costs more.";
    }

    /// <summary>For each score, which group is the more sensitive one over the whole image: what can be compared with a study whose unit is unknown.</summary>
    public static string Directions(RunResults r) => string.Join(" ", r.Scores.Select(s =>
        $"Here the drop of the {Name(s.Score)} is larger for {Article(Higher(s.Overall).Group)} ({Numbers.Short(Higher(s.Overall).Mean)} against {Numbers.Short(Lower(s.Overall).Mean)} over the whole image; t = {Numbers.Long(s.Overall.Student.T)} by Student's test, {Numbers.PEquals(s.Overall.Student.P)})."));

    /// <summary>One region in plain language.</summary>
    public static string Reading(RunResults r, ScoreOutcome score, RegionOutcome o)
    {
        var (high, low) = (Higher(o), Lower(o));
        bool whole = o.Region == GroupComparison.WholeImage;
        string place = whole ? "The whole image" : $"The {o.Region} {Part(r)}";
        string p = $"{Numbers.PEquals(o.P(r.Tests[0]))}{(o.Welch.PHolm is null ? "" : " after Holm's correction")}";
        double sign = high == o.Groups[0] ? 1 : -1;
        string difference = $"difference {Numbers.Short(Math.Abs(o.Welch.Difference))}, {Numbers.Percent(r.Confidence)} interval {Range(sign * o.Welch.Lower, sign * o.Welch.Upper)}";
        if (!IsSignificant(r, o))
            return $"{place}: no clear difference. Covering part of it lowers the {Name(score.Score)} by {Numbers.Short(o.Groups[0].Mean)} on average for {o.Groups[0].Group} and by {Numbers.Short(o.Groups[1].Mean)} for {o.Groups[1].Group} ({difference}; {p}).";
        return $"{place} of {Article(high.Group)} is more sensitive than that of {Article(low.Group)}: covering part of it lowers the {Name(score.Score)} by {Numbers.Short(high.Mean)} on average, against {Numbers.Short(low.Mean)} " +
               $"({difference}; {p}; {Magnitude(o.CohenD.Value)} effect, |d| = {Numbers.Short(Math.Abs(o.CohenD.Value))}).";
    }

    static string Part(RunResults r) => r.Regions.Count switch { 2 => "half", 3 => "third", 4 => "quarter", _ => "region" };

    public static bool IsSignificant(RunResults r, RegionOutcome o) => o.P(r.Tests[0]) < 1 - r.Confidence;

    /// <summary>Cohen's words (1988): 0.2 small, 0.5 medium, 0.8 large.</summary>
    public static string Magnitude(double d) => Math.Abs(d) switch { < 0.2 => "negligible", < 0.5 => "small", < 0.8 => "medium", < 1.2 => "large", _ => "very large" };

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
