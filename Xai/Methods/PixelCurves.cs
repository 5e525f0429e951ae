using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>
/// How good a map is at naming what the network uses: the score while pixels are taken away (deletion) or put back (insertion), those with the largest values first.
/// </summary>
/// <remarks>
/// Petsiuk, Das and Saenko, "RISE", 2018, section 4.3. The smaller the area under the deletion curve and the larger that under the insertion curve, the better.
/// Pixels of equal values go in reading order. On plans of each pass only what the changed pixels reach is computed: <see cref="VariantPlan"/>.
/// </remarks>
/// <param name="Steps">Parts of nearly equal size that the pixels are taken in; the curves have one point more.</param>
/// <param name="Deleted">What takes the place of a deleted pixel; zeros where null.</param>
/// <param name="Start">The image that pixels are inserted into; the blurred image (σ = 5 pixels) where null.</param>
public sealed record PixelCurves(int Steps = 100, Baseline? Deleted = null, Baseline? Start = null, ClassScore Score = ClassScore.Probability)
{
    /// <param name="map">Of any size: it is enlarged to the image bilinearly.</param>
    public (PixelCurve Deletion, PixelCurve Insertion) Of(ImageClassifier f, Tensor x, int target, Map map)
    {
        Gradient.Check("pixel curves", f, x, target);
        ArgumentNullException.ThrowIfNull(map);
        int pixels = x.Shape[2] * x.Shape[3];
        if (Steps < 1 || Steps > pixels) throw new ArgumentException($"pixel curves: {Steps} steps for {pixels} pixels");
        using var scope = x.Device.Scope();
        int[] ranks = Ranks(x.Device.Tensor([1, 1, map.Height, map.Width], map.Values).Resize((x.Shape[2], x.Shape[3])).ToArray());
        Range[] taken = [.. Enumerable.Range(1, Steps).Select(i => 0..(int)((long)pixels * i / Steps))];
        var scores = new VariantScores(f, x.Device);
        var start = (Start ?? new Baseline.Blur(5)).For(x);
        return (Curve(x, (Deleted ?? new Baseline.Constant(0)).For(x)), Curve(start, x));

        PixelCurve Curve(Tensor from, Tensor to)
        {
            var (first, others) = scores.Of(from, target, new CoveredPixels(from, to, ranks, taken));
            return new([first[Score], .. others.Select(s => s[Score])]);
        }
    }

    // The place of each pixel in the order of falling values; NaN last.
    static int[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(p => values[p])], ranks = new int[order.Length];
        for (int i = 0; i < order.Length; i++) ranks[order[i]] = i;
        return ranks;
    }
}

/// <summary>Scores at even shares of changed pixels, from none to all.</summary>
public sealed record PixelCurve(IReadOnlyList<double> Scores)
{
    /// <summary>Area under the curve over the share of changed pixels, by the trapezoid rule: the mean score.</summary>
    public double Area => (Scores.Sum() - (Scores[0] + Scores[^1]) / 2) / (Scores.Count - 1);
}
