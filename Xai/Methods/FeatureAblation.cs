using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>
/// Segments replaced by the baseline, one after the other: map[p] = s(x) − s(x with the segment of p replaced).
/// </summary>
/// <remarks>As Captum's <c>FeatureAblation</c> with a feature mask. On plans of each pass only what the segment reaches is computed: <see cref="VariantPlan"/>.</remarks>
/// <param name="Segments">What is replaced as one.</param>
/// <param name="Baseline">What replaces it.</param>
public sealed record FeatureAblation(Segments Segments, Baseline Baseline, ClassScore Score = ClassScore.Logit) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("feature ablation", f, x, target);
        using var scope = x.Device.Scope();
        int[] labels = Segments.For(x.ToArray(), x.Shape[1], x.Shape[2], x.Shape[3]);
        Range[] each = [.. Enumerable.Range(0, labels.Max() + 1).Select(k => k..(k + 1))];
        var (clean, ablated) = new VariantScores(f, x.Device).Of(x, target, new CoveredPixels(x, Baseline.For(x), labels, each));
        return new(new(x.Shape[2], x.Shape[3], Array.ConvertAll(labels, k => (float)(clean[Score] - ablated[k][Score]))), [], Passes: each.Length + 1);
    }
}
