using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>
/// Gradient-weighted class activation map: A [K, h, w] the results of a layer, α_k = mean over pixels of ∂s/∂A_k,
/// map = max(Σ_k α_k·A_k, 0), of the layer's size [h, w].
/// </summary>
/// <remarks>Selvaraju et al., "Grad-CAM", 2017, equations 1 and 2. Without the ReLU the map also shows what speaks against the target.</remarks>
/// <param name="Layer">A module of the classifier by its name, whose results are [N, K, h, w]; null: the last spatial activations, <see cref="ImageClassifier.Features"/>.</param>
/// <param name="Signed">Leave the ReLU out.</param>
public sealed record GradCam(string? Layer = null, bool Signed = false, ClassScore Score = ClassScore.Logit) : IAttribution
{
    /// <exception cref="UnknownLayerException">The classifier has no such layer.</exception>
    public Attribution Explain(ImageClassifier f, Tensor x, int target) => Gradient.One(this, f, x, target);

    /// <exception cref="UnknownLayerException">The classifier has no such layer.</exception>
    public void ExplainAll(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Action<int, Attribution> found)
    {
        Gradient.Check("grad-cam", f, x, targets);
        Gradient.InBatches(f, x, targets, (some, classes) =>
        {
            var (a, logits) = Run(f, some);
            var weights = Gradient.Of(logits, classes, Score, CamLayer.Spatial("grad-cam", a, Layer)).Mean([2, 3], keepDim: true);
            return [.. CamLayer.Weighted(a.Detach(), weights, Signed).Select(map => new Attribution(map, [], Passes: 1))];
        }, found);
    }

    (Tensor Activations, Tensor Logits) Run(ImageClassifier f, Tensor x)
    {
        if (Layer is null)
        {
            var features = f.Features(x).Leaf();
            return (features, f.Head(features));
        }
        var seen = new Activations(f, Layer);
        var logits = f.Forward(x, Pass.Watching(seen));
        return (seen[Layer], logits);
    }
}
