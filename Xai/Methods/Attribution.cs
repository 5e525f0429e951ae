using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>What a method found.</summary>
/// <param name="Map">One number per pixel, positive where it supports the target unless the method says otherwise. Never normalised or coloured, and of the size the method works at: groups of maps are compared.</param>
/// <param name="Channels">What the method's formula gives for each channel of the image, where it tells them apart; else empty. The method says how <paramref name="Map"/> follows.</param>
/// <param name="Passes">Images that went through the network.</param>
/// <param name="Residual">How far the map misses what the method promises, in units of the score: of completeness Σ map − (f(x) − f(baseline)), of a surrogate its error; null for methods without one.</param>
public sealed record Attribution(Map Map, IReadOnlyList<Map> Channels, int Passes, double? Residual = null);

/// <summary>A way to explain decisions. Implementations are sealed records whose constructor is their whole configuration.</summary>
public interface IAttribution
{
    /// <param name="f">The classifier, as inference.</param>
    /// <param name="x">One image, [1, C, H, W], with the preprocessing the classifier was trained on.</param>
    /// <param name="target">The class whose score is explained, 0 … classes − 1.</param>
    /// <exception cref="Kernels.ShapeException">Not one image, or one that the method's settings do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The classifier knows no such class.</exception>
    Attribution Explain(ImageClassifier f, Tensor x, int target);

    /// <summary>The same of several images, bit for bit. Methods that leave passes half empty with one image fill them with more.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="targets">Of each image.</param>
    /// <param name="found">Takes number and explanation of an image, in order, as soon as it is there.</param>
    void ExplainAll(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Action<int, Attribution> found)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(found);
        for (int i = 0; i < targets.Count; i++)
        {
            using var image = x.Slice(0, i, 1);
            found(i, Explain(f, image, targets[i]));
        }
    }
}
