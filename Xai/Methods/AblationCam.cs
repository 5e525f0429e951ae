using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>
/// Ablation-based class activation map: A [K, h, w] the results of a layer, αₖ = s(x) − s(x with Aₖ set to 0), map = max(Σₖ αₖ·Aₖ, 0), of the layer's size [h, w].
/// </summary>
/// <remarks>
/// Desai and Ramaswamy, "Ablation-CAM", 2020, equation 6, without its division by s(x), which scales the map as a whole and turns it over where the score is negative.
/// The network is computed from the layer on: what lies before it runs once for every batch of maps, for a single image.
/// </remarks>
/// <param name="Layer">A module of the classifier by its name, whose results are [N, K, h, w] and on which alone the scores depend; null: the last spatial activations, <see cref="ImageClassifier.Features"/>.</param>
/// <param name="Signed">Leave the ReLU out.</param>
public sealed record AblationCam(string? Layer = null, bool Signed = false, ClassScore Score = ClassScore.Logit) : IAttribution
{
    const long MemoryBudget = 64L << 20;

    /// <exception cref="UnknownLayerException">The classifier has no such layer.</exception>
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("ablation-cam", f, x, target);
        using var scope = x.Device.Scope();
        var a = CamLayer.Activations("ablation-cam", f, x, Layer);
        // Channels are covered like windows: each is a row of an image of K rows.
        var (maps, plane) = (a.Shape[1], a.Shape[2] * a.Shape[3]);
        var rows = new OccludeShape(1, maps, plane, 1, plane, 1, plane);
        var zeros = x.Device.Zeros(a.Shape);
        var scores = new VariantScores(f, x.Device, MemoryBudget);
        double clean = scores.Read(Rest(a), [target])[0][Score];
        var ablated = scores.Rows(a.Shape, [target], maps, (first, count) => Rest(x.Device.Compute(a.Shape.With(0, count), y => x.Device.Occlude.Paint(a.View, zeros.View, y, first, count, rows))));
        float[] weights = Array.ConvertAll(ablated, s => (float)(clean - s[Score]));
        return new(CamLayer.Weighted(a, weights, Signed), [], Passes: maps + 1);

        Tensor Rest(Tensor activations) => Layer is null ? f.Head(activations) : f.Forward(x, Pass.Watching(new Instead(f, Layer, activations)));
    }
}
