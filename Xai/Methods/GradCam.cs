using IlgpuXai.Engine;
using IlgpuXai.Kernels;

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
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("grad-cam", f, x, target);
        using var scope = x.Device.Scope();
        var (a, logits) = Run(f, x);
        if (a.Shape.Rank != 4) throw new ShapeException($"grad-cam: layer '{Layer}' gives {a.Shape}; one that gives [N, K, h, w] was expected");
        var weights = Gradient.Of(logits, target, Score, a).Gradient.Mean([2, 3], keepDim: true);
        var map = (weights * a.Detach()).Sum([1]);
        return new(new(a.Shape[2], a.Shape[3], (Signed ? map : map.Relu()).ToArray()), [], Passes: 1);
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
