namespace IlgpuXai.Experiments;

/// <summary>What the report says beyond the results: facts of this one execution, which may differ between runs with equal results.</summary>
public sealed record RunCircumstances(string CommandLine, string Device, DateTimeOffset Finished, IReadOnlyList<(string Stage, TimeSpan Time)> Timings);

/// <summary>The report: one page that needs nothing but itself.</summary>
public static class RunReport
{
    public static string Write(RunResults r, IReadOnlyList<ExplainedImage> images, RunCircumstances run)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(run);
        var page = new Html();
        Head(page, r);
        Findings(page, r);
        page.Heading("Figures", "figures");
        foreach (var figure in r.Figures) Figures.Write(page, figure, r, images);
        Method(page, r);
        Network(page, r);
        page.Heading("All tests", "tests");
        foreach (var score in r.Scores)
        {
            page.Subheading($"Drop of the {Prose.Name(score.Score)}");
            Tables.Tests(page, r, score);
        }
        Caveats(page, r);
        if (r.Reference is { } reference) Earlier(page, r, reference);
        Reproduce(page, r, run);
        return page.Page(r.Title, Css());
    }

    static void Head(Html page, RunResults r)
    {
        var (a, b, overall) = (r.Groups[0], r.Groups[1], r.Primary.Overall);
        page.Paragraph($"IlgpuXai · experiment {r.Experiment}", "kicker")
            .Markup($"<h1>{Html.Escape(r.Title)}</h1>")
            .Paragraph($"Hypothesis. {r.Hypothesis}")
            .Markup($"<div class=\"answer\">{Html.Escape(Prose.Answer(r))}</div>")
            .Markup("<div class=\"tiles\">" +
                Tile(Numbers.Percent(r.Network.TestAccuracy), $"test accuracy on {Numbers.Count(r.Data.TestImages)} images") +
                Tile($"{a.Images.Count} + {b.Images.Count}", $"images explained, {Numbers.Count(r.Method.PositionsPerImage)} positions each") +
                Tile($"{Numbers.Short(overall.Groups[0].Mean)} : {Numbers.Short(overall.Groups[1].Mean)}", $"mean drop of the {Prose.Name(r.Primary.Score)}, {a.Name} : {b.Name}") +
                Tile(Numbers.Short(overall.CohenD.Value), $"Cohen's d over the whole image, {Numbers.PEquals(overall.P(r.Tests[0]))}") + "</div>");
        foreach (string note in r.Notes) page.Paragraph($"Note: {note}");
    }

    static string Tile(string value, string what) => $"<div><b>{Html.Escape(value)}</b><span>{Html.Escape(what)}</span></div>";

    static void Findings(Html page, RunResults r)
    {
        page.Heading("What was found", "findings");
        foreach (var score in r.Scores)
        {
            page.Subheading(score == r.Primary ? $"Drop of the {Prose.Name(score.Score)} (decides)" : $"Drop of the {Prose.Name(score.Score)}");
            Tables.Means(page, r, score);
            page.List(score.Regions.Append(score.Overall).Select(o => Prose.Reading(r, score, o)));
        }
    }

    static void Method(Html page, RunResults r)
    {
        var m = r.Method;
        page.Heading("How sensitivity is defined here", "method")
            .Paragraph($"A window of {m.Window} × {m.Window} pixels is covered and slid over the image in steps of {m.Stride}: " +
                       $"{Numbers.Count(m.PositionsPerImage)} positions per image. What covers is {Prose.Baseline(m.Baseline)}. " +
                       "At each position the score of the image's own class is compared with its score on the uncovered image:")
            .Markup("<p class=\"formula\">sensitivity(h, w) = mean over all windows covering (h, w) of [ score(image) − score(image with that window covered) ]</p>")
            .Paragraph("Two scores are reported from the same passes. The logit is the network's output before softmax: unbounded, and independent of the other classes. " +
                       "The probability comes after softmax: it lies between 0 and 1, and while the network stays sure it hardly moves. " +
                       "Averaging over the covering windows is the definition of Captum's Occlusion. Maps are signed and not normalised.")
            .Paragraph("The sensitivity of a region is the mean of the map over its rows. A row belongs to the band its centre lies in, " +
                       $"so the {r.Data.Height} rows are cut into {Prose.Enumerate(r.Regions.Select(g => $"{g.Name} {g.FromRow}–{g.ToRow}"))} (counted from 0). " +
                       "Each image gives one number per region and score; these numbers are what the tests compare.")
            .Paragraph(Effects(r));
    }

    static string Effects(RunResults r)
    {
        var (a, b) = (r.Groups[0].Name, r.Groups[1].Name);
        return $"Effect sizes. Cohen's d is the difference of the means, {a} minus {b}, over the pooled standard deviation; " +
               "its interval comes from the noncentral t distribution and holds for equal variances. " +
               "Hedges' g is d without its bias in small samples. " +
               $"Cliff's δ is the share of pairs in which the image of {a} has the larger value, minus the share in which the image of {b} has it: from −1 to 1. " +
               "|d| from 0.2 is called small, from 0.5 medium, from 0.8 large (Cohen 1988), below 0.2 very small, from 1.2 very large (Sawilowsky 2009). " +
               $"All {Numbers.Percent(r.Confidence)} intervals are for one comparison each: they are not corrected for the number of regions, " +
               "so one may leave out 0 where the corrected test finds no difference.";
    }

    static void Network(Html page, RunResults r)
    {
        page.Heading("Data and network", "network").Facts(
        [
            ("data", $"{r.Data.Name}, {Numbers.Count(r.Data.TestImages)} test images of {r.Data.Height} × {r.Data.Width}"),
            ("network", $"{r.Network.Model}, {Numbers.Count(r.Network.Parameters)} weights; {r.Network.Source}"),
            ("test accuracy", Numbers.Percent(r.Network.TestAccuracy)),
            .. r.Groups.Select(g => ($"sample of {g.Name}", $"{g.Images.Count} drawn with seed {r.Seed} among {Numbers.Count(g.Correct)} classified correctly, " +
                $"of {Numbers.Count(g.InTestSet)} in the test set")),
        ]);
        Tables.Classification(page, r.Network);
        if (r.Network.Training is not { } t) return;
        page.Subheading("Training")
            .Paragraph($"{t.Plan.Optimizer}, batch {t.Plan.Batch}, learning rate {t.Plan.Rate} ({t.Plan.Schedule.ToString().ToLowerInvariant()} schedule), " +
                       $"{t.Epochs.Count} epochs on {Numbers.Count(t.TrainingImages)} images; " +
                       $"the weights are those of epoch {t.BestEpoch}, the best on {Numbers.Count(t.ValidationImages)} held-out training images. No test image took part.")
            .Figure(TrainingHistory.Draw(t), "Mean cross-entropy by epoch.");
    }

    static void Caveats(Html page, RunResults r) => page.Heading("What this does not show", "caveats").List(
    [
        "One network was examined. Its images are independent observations of this network, not of networks in general: " +
        "another training run may distribute its attention differently. To speak about networks, the network would have to be the unit that is repeated.",
        "Only images classified correctly were explained, so nothing is said about the network's mistakes.",
        $"{r.Regions.Count} regions were tested per score. Their p-values are corrected by Holm's method; scores and kinds of test were not corrected against each other. " +
        "The answer above rests on the first score and the first test, which were fixed beforehand.",
        "The t-tests compare means and assume that means of this many images are close to normally distributed; the histograms show how far single images are. " +
        "The Mann–Whitney test makes no such assumption and stands beside them.",
        "Covered images are unlike anything the network was trained on. A drop says what this network does without these pixels when they are replaced by this baseline; " +
        "another baseline or window gives other numbers.",
        "Regions are parts of the image, not of what it shows: where that lies differs between the groups, and covering plain background changes little or nothing. " +
        "A difference in sensitivity is partly a difference in where things are.",
    ]);

    static void Earlier(Html page, RunResults r, ReferencePreset reference)
    {
        page.Heading("For orientation: the earlier study", "earlier");
        Tables.Reference(page, r, reference);
        page.Paragraph(reference.Remark).Paragraph(Prose.Directions(r));
    }

    static void Reproduce(Html page, RunResults r, RunCircumstances run)
    {
        page.Heading("How to repeat this", "repeat").Markup($"<pre>{Html.Escape(run.CommandLine)}</pre>").Facts(
        [
            ("program", $"{r.Program.Name} {r.Program.Version} on {r.Program.Runtime}"),
            ("device", run.Device),
            ("seed", $"{r.Seed}"),
            ("weights, SHA-256", r.Network.Sha256),
            ("test data, SHA-256", r.Data.Sha256),
            .. run.Timings.Select(t => ($"time, {t.Stage}", Numbers.Duration(t.Time))),
            ("finished", run.Finished.ToString("yyyy-MM-dd HH:mm 'UTC'")),
        ]);
        page.Markup("<footer>Beside this page: results.json (all numbers), scores.csv (one line per image), maps/ (raw maps as .npy, [2, height, width]: drop of the logit, " +
                    "drop of the probability).</footer>");
    }

    static string Css()
    {
        using var reader = new StreamReader(typeof(RunReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
