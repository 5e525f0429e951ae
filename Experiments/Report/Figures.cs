using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>The figures of the report, each a drawing with its caption.</summary>
static class Figures
{
    const int Examples = 8;
    const double Clip = 0.995;

    public static void Write(Html page, Figure figure, RunResults r, IReadOnlyList<ExplainedImage> images)
    {
        switch (figure)
        {
            case Figure.Examples: WriteExamples(page, r, images); break;
            case Figure.MeanMaps: WriteMeanMaps(page, r, images); break;
            case Figure.Regions: WriteRegions(page, r); break;
            case Figure.Histogram: WriteHistogram(page, r, images); break;
            default: throw new ArgumentOutOfRangeException(nameof(figure));
        }
    }

    static void WriteExamples(Html page, RunResults r, IReadOnlyList<ExplainedImage> images)
    {
        var score = r.Primary.Score;
        var shown = r.Groups.Select(g => images.Where(i => i.Group == g.Name).Take(Examples).ToArray()).ToArray();
        var scale = ColourScale.Symmetric(shown.SelectMany(g => g).Select(i => i.Map(score)), Clip);
        page.Subheading("Single images");
        string strips = string.Concat(shown.Select(group => Strip(r, group, score, scale)));
        page.Figure(strips + Pictures.ColourBar(ColourMap.BlueRed, scale, $"drop of the {Prose.Name(score)}"),
            $"The first {shown.Max(g => g.Length)} images of each sample, not chosen by hand: the image, its map of the {Prose.Name(score)}'s drop, and the map laid over the image. " +
            "Red: covering this place hurts the decision. Blue: it helps. One colour scale for all; the most extreme 0.5 % of values are cut to its ends.");
    }

    static string Strip(RunResults r, ExplainedImage[] group, ClassScore score, ColourScale scale)
    {
        string label = Prose.Article(group[0].Group);
        var originals = group.Select(i => Pictures.Of(i.Pixels, r.Data)).ToArray();
        var maps = group.Select(i => Render.HeatMap(i.Map(score), ColourMap.BlueRed, scale)).ToArray();
        string Row(string name, Func<int, Picture> picture) =>
            $"<span>{Html.Escape(name)}</span>{string.Concat(group.Select((image, i) => Html.Image(Pictures.DataUrl(picture(i)), $"{name} of {label}, test image {image.Index}", 84)))}\n";
        return $"<div class=\"strip\" style=\"--columns:{group.Length}\">{Row("image", i => originals[i])}{Row("map", i => maps[i])}" +
               $"{Row("overlay", i => Render.Overlay(originals[i], group[i].Map(score), ColourMap.BlueRed, scale, Pictures.Alpha))}</div>";
    }

    static void WriteMeanMaps(Html page, RunResults r, IReadOnlyList<ExplainedImage> images)
    {
        page.Subheading("Mean map of each group");
        foreach (var outcome in r.Scores)
        {
            var groups = r.Groups.Select(g => images.Where(i => i.Group == g.Name).ToArray()).ToArray();
            Map[] means = [.. groups.Select(g => Map.MeanOf([.. g.Select(i => i.Map(outcome.Score))]))];
            var scale = ColourScale.Symmetric(means);
            string maps = string.Concat(r.Groups.Select((g, i) =>
                Pictures.WithRegions(Render.HeatMap(means[i], ColourMap.BlueRed, scale), $"mean map of {Prose.Article(g.Name)}", r.Regions, 250,
                    $"{g.Name}: mean drop of the {Prose.Name(outcome.Score)}, {groups[i].Length} images")));
            page.Figure($"<div class=\"mean-maps\">{maps}</div>{Pictures.ColourBar(ColourMap.BlueRed, scale, $"drop of the {Prose.Name(outcome.Score)}")}",
                $"Pixel by pixel mean of the {Prose.Name(outcome.Score)}'s drop, both groups on one colour scale. Dashed: the borders of the regions.");
        }
    }

    static void WriteRegions(Html page, RunResults r)
    {
        page.Subheading("Mean sensitivity by region");
        foreach (var outcome in r.Scores)
        {
            RegionOutcome[] all = [.. outcome.Regions, outcome.Overall];
            var bars = r.Groups.Select((_, g) => (IReadOnlyList<Bar>)[.. all.Select(o => new Bar(o.Groups[g].Mean, o.Groups[g].Lower, o.Groups[g].Upper))]).ToArray();
            page.Figure(BarChart.Draw($"Mean drop of the {Prose.Name(outcome.Score)} by region and group",
                    $"mean drop of the {Prose.Name(outcome.Score)}", [.. all.Select(o => o.Region)], [.. r.Groups.Select(g => g.Name)], bars),
                $"Mean drop of the {Prose.Name(outcome.Score)} per region; whiskers are {Numbers.Percent(r.Confidence)} confidence intervals of the mean over images.");
        }
    }

    static void WriteHistogram(Html page, RunResults r, IReadOnlyList<ExplainedImage> images)
    {
        page.Subheading("How the images spread");
        foreach (var outcome in r.Scores)
        {
            var values = r.Groups.Select(g => images.Where(i => i.Group == g.Name).Select(i => i.Map(outcome.Score).Mean()).ToArray()).ToArray();
            page.Figure(Histogram.Draw($"Histogram of the mean drop of the {Prose.Name(outcome.Score)}",
                    $"mean drop of the {Prose.Name(outcome.Score)} over the whole image", [.. r.Groups.Select(g => g.Name)], values),
                $"One count per image: its mean drop of the {Prose.Name(outcome.Score)} over the whole image. Dashed: the means of the groups.");
        }
    }
}
