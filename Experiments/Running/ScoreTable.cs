using System.Globalization;
using System.Text;

namespace IlgpuXai.Experiments;

/// <summary><c>scores.csv</c>: one line per explained image, its scores and regional means, numbers that read back to the same bits.</summary>
static class ScoreTable
{
    public static string Write(IReadOnlyList<ExplainedImage> images, IReadOnlyList<Xai.ClassScore> scores, IReadOnlyList<Region> regions)
    {
        var csv = new StringBuilder("image,group,logit,probability");
        foreach (var score in scores)
            foreach (string region in regions.Select(r => r.Name).Append(GroupComparison.WholeImage))
                csv.Append($",{Name(score)}_drop_{region.Replace(' ', '_')}");
        csv.Append('\n');
        foreach (var image in images)
        {
            csv.Append($"{image.Index},{image.Group},{N(image.Logit)},{N(image.Probability)}");
            foreach (var score in scores)
            {
                var map = image.Map(score);
                foreach (var region in regions) csv.Append(',').Append(N(region.Mean(map)));
                csv.Append(',').Append(N(map.Mean()));
            }
            csv.Append('\n');
        }
        return csv.ToString();
    }

    static string Name(Xai.ClassScore score) => score == Xai.ClassScore.Logit ? "logit" : "probability";
    static string N(double v) => v.ToString("r", CultureInfo.InvariantCulture);
}
