using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>
/// Occlusion sensitivity: cover a window of the image with the baseline, note how far the target's score drops, slide on.
/// map[h, w] = mean over the positions whose window covers (h, w) of score(x) − score(x with that window covered).
/// </summary>
/// <remarks>
/// Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2, averaged over coverage as Captum's <c>Occlusion</c> does:
/// 1 + ⌈(side − window)/stride⌉ positions per axis, the last ones cut by the border, all channels covered together.
/// Positive: hiding the pixel hurts the target. Negative: it helps the target. A window over pixels that equal the baseline drops by nothing.
/// </remarks>
/// <param name="WindowH">Rows of the window, 1 … H.</param>
/// <param name="WindowW">Columns of the window, 1 … W.</param>
/// <param name="StrideH">Rows from one position to the next, 1 … WindowH, so that no pixel stays uncovered.</param>
/// <param name="StrideW">Columns from one position to the next, 1 … WindowW.</param>
/// <param name="Baseline">What covers.</param>
/// <param name="Score">What <see cref="Explain"/> reports; <see cref="ExplainBoth"/> has both from the same passes.</param>
/// <param name="Reach">Below 1, an approximation on plans: a window is taken to change at most this share of each side of a layer's maps. <see cref="Attribution.Residual"/> is then the largest error among 16 windows spread evenly.</param>
public sealed record Occlusion(int WindowH, int WindowW, int StrideH, int StrideW, Baseline Baseline, ClassScore Score = ClassScore.Logit, double Reach = 1) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target) => Of(ExplainBoth(f, x, target));

    public void ExplainAll(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Action<int, Attribution> found)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(found);
        new Occluder(this, f, x.Device).Explain(x, targets, (i, both) => found(i, Of(both)));
    }

    Attribution Of(OcclusionMaps both) => new(both[Score], [], both.Passes, both.Error?[Score]);

    /// <summary>The drops of the logit and of the probability, from one set of forward passes.</summary>
    public OcclusionMaps ExplainBoth(ImageClassifier f, Tensor x, int target)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new Occluder(this, f, x.Device).Explain(x, target);
    }
}

/// <summary>What occlusion found about one image.</summary>
/// <param name="Logit">Mean drop of the target's logit.</param>
/// <param name="Probability">Mean drop of the target's probability.</param>
/// <param name="Passes">Images that went through the network; 0 where the maps were read from a file.</param>
/// <param name="Error">Of approximated drops, the largest that was found; null where nothing was approximated.</param>
public sealed record OcclusionMaps(Map Logit, Map Probability, int Passes = 0, Scores? Error = null)
{
    public Map this[ClassScore score] => score == ClassScore.Logit ? Logit : Probability;
}
