namespace IlgpuXai.Experiments;

/// <summary>The tables of the report.</summary>
static class Tables
{
    public static void Means(Html page, RunResults r, ScoreOutcome score)
    {
        string[] head = ["Region", .. score.Overall.Groups.Select(g => $"mean of {g.Group} (SD)"), "difference", $"{Numbers.Percent(r.Confidence)} interval", "p", "Cohen's d"];
        var (first, second) = (score.Overall.Groups[0].Group, score.Overall.Groups[1].Group);
        string caption = $"Drop of the {Prose.Name(score.Score)}: group means, the difference {first} minus {second}, and {Prose.Name(r.Tests[0])}. {Prose.Correction} " +
                         "Intervals are for one comparison each, not corrected.";
        page.Table(caption, head,
            Rows(score).Select(o => (string[])[o.Region, .. o.Groups.Select(g => $"{Numbers.Short(g.Mean)} ({Numbers.Short(g.StandardDeviation)})"),
                Numbers.Short(o.Welch.Difference), Prose.Range(o.Welch.Lower, o.Welch.Upper), Numbers.P(o.P(r.Tests[0])), Numbers.Short(o.CohenD.Value)]));
    }

    public static void Tests(Html page, RunResults r, ScoreOutcome score)
    {
        foreach (var test in r.Tests)
        {
            bool ranks = test == TestKind.MannWhitney;
            string[] head = ranks ? ["Region", "U", "p", "p, Holm"] : ["Region", "t", "degrees of freedom", "p", "p, Holm", "difference", $"{Numbers.Percent(r.Confidence)} interval"];
            page.Table($"{Prose.Name(test)}, two-sided, drop of the {Prose.Name(score.Score)}", head, Rows(score).Select(o => ranks ? RankRow(o) : TRow(o, test == TestKind.Welch ? o.Welch : o.Student)));
        }
        string[] effects = ["Region", "Cohen's d", "Hedges' g", "Cliff's δ"];
        page.Table($"Effect sizes with {Numbers.Percent(r.Confidence)} intervals, drop of the {Prose.Name(score.Score)}", effects,
            Rows(score).Select(o => (string[])[o.Region, Effect(o.CohenD), Effect(o.HedgesG), Effect(o.CliffDelta)]));
    }

    public static void Classification(Html page, NetworkOutcome network)
    {
        var report = network.Report;
        page.Table("Classification report on the test set", ["Class", "precision", "recall", "F1", "images"],
            report.Classes.Append(report.MacroAverage).Append(report.WeightedAverage).Select(c =>
                (string[])[c.Name, c.Precision.ToString("F4"), c.Recall.ToString("F4"), c.F1.ToString("F4"), Numbers.Count(c.Support)]));
    }

    public static void Reference(Html page, RunResults r, ReferencePreset reference) =>
        page.Table($"Mean sensitivity, {reference.Source}: {reference.Test}", ["Group", .. r.Regions.Select(g => g.Name)],
            reference.Means.Select(m => (string[])[m.Group, .. m.Regions.Select(v => v.ToString("F4"))]));

    static IEnumerable<RegionOutcome> Rows(ScoreOutcome score) => score.Regions.Append(score.Overall);

    static string[] TRow(RegionOutcome o, TTestOutcome t) =>
        [o.Region, Numbers.Long(t.T), t.DegreesOfFreedom.ToString("0.#"), Numbers.P(t.P), t.PHolm is { } holm ? Numbers.P(holm) : "–", Numbers.Short(t.Difference), Prose.Range(t.Lower, t.Upper)];

    static string[] RankRow(RegionOutcome o) => [o.Region, o.MannWhitney.U.ToString("0.#"), Numbers.P(o.MannWhitney.P), o.MannWhitney.PHolm is { } holm ? Numbers.P(holm) : "–"];

    static string Effect(EffectOutcome e) => $"{Numbers.Short(e.Value)} [{Prose.Range(e.Lower, e.Upper)}]";
}
