using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>
/// Score-weighted class activation map: A [K, h, w] the results of a layer, Hₖ = Aₖ enlarged to the image and scaled to [0, 1],
/// α = softmax over k of s(x ⊙ Hₖ) − s(baseline), map = max(Σₖ αₖ·Aₖ, 0), of the layer's size [h, w].
/// </summary>
/// <remarks>Wang et al., "Score-CAM", 2020, algorithm 1. Maps that are the same everywhere mask nothing and are left out.</remarks>
/// <param name="Layer">A module of the classifier by its name, whose results are [N, K, h, w]; null: the last spatial activations, <see cref="ImageClassifier.Features"/>.</param>
/// <param name="Signed">Leave the ReLU out.</param>
/// <param name="Baseline">What lies behind a mask; zeros where null.</param>
public sealed record ScoreCam(string? Layer = null, bool Signed = false, Baseline? Baseline = null, ClassScore Score = ClassScore.Logit) : IAttribution
{
    /// <exception cref="UnknownLayerException">The classifier has no such layer.</exception>
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("score-cam", f, x, target);
        using var scope = x.Device.Scope();
        var a = CamLayer.Activations("score-cam", f, x, Layer);
        float[] values = a.ToArray();
        int plane = a.Shape[2] * a.Shape[3];
        int[] uneven = [.. Enumerable.Range(0, a.Shape[1]).Where(k => values.AsSpan(k * plane, plane).ContainsAnyExcept(values[k * plane]))];
        var baseline = (Baseline ?? new Baseline.Constant(0)).For(x);
        var (_, scores) = new VariantScores(f, x.Device).Of(x, target, new ActivationMasks(x, baseline, a, uneven));
        double nothing = Scores.Of(f.Forward(baseline).ToArray(), target)[Score];

        double[] gains = Array.ConvertAll(scores, s => s[Score] - nothing);
        double most = gains.DefaultIfEmpty(0).Max(), total = gains.Sum(g => Math.Exp(g - most));
        var weights = new float[a.Shape[1]];
        for (int i = 0; i < gains.Length; i++) weights[uneven[i]] = (float)(Math.Exp(gains[i] - most) / total);
        return new(CamLayer.Weighted(a, weights, Signed), [], Passes: uneven.Length + 2);
    }
}

/// <summary>An image behind activations of a layer, each enlarged and scaled to [0, 1].</summary>
/// <param name="a">[1, K, h, w].</param>
/// <param name="maps">Those of the K that mask; not one is the same everywhere.</param>
sealed class ActivationMasks(Tensor x, Tensor baseline, Tensor a, int[] maps) : MaskedVariants(x, baseline)
{
    public override int Count => maps.Length;

    public override Tensor Masks(int first, int count)
    {
        using var scope = Device.Scope();
        var some = Tensor.Concat(1, [.. maps.AsSpan(first, count).ToArray().Select(k => a.Slice(1, k, 1))]).Resize((Height, Width)).Reshape(count, Height, Width);
        Tensor most = some.Max([1, 2], keepDim: true), least = -(-some).Max([1, 2], keepDim: true);
        return scope.Keep((some - least) / (most - least));
    }

    protected override void Paint(int variant, Span<float> mask) => throw new InvalidOperationException("these masks are computed on the device");
}
