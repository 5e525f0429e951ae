using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>What a method found: the raw, signed map, one number per pixel, and the residual of the axiom it should obey where there is one.</summary>
/// <param name="Map">Positive where the pixel supports the target. Never normalised, resized or coloured: groups of maps are compared.</param>
/// <param name="Residual">How far the map misses its axiom (completeness: Σ map − (f(x) − f(baseline))), in units of the score; null for methods without one.</param>
public sealed record Attribution(Map Map, double? Residual = null);

/// <summary>A way to explain one decision. Implementations are sealed records whose constructor is their whole configuration.</summary>
public interface IAttribution
{
    /// <param name="f">The classifier, as inference.</param>
    /// <param name="x">One image, [1, C, H, W], with the preprocessing the classifier was trained on.</param>
    /// <param name="target">The class whose score is explained, 0 … classes − 1.</param>
    Attribution Explain(ImageClassifier f, Tensor x, int target);
}
