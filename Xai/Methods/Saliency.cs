using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>
/// The gradient of the target's score at the image: how much, to first order, each input number moves it.
/// channels[c] = ∂s/∂x_c; map = max_c |∂s/∂x_c|, or Σ_c ∂s/∂x_c where <paramref name="Signed"/>.
/// </summary>
/// <remarks>Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2014, section 3.</remarks>
/// <param name="Signed">Keep the sign: positive where brighter supports the target.</param>
public sealed record Saliency(bool Signed = false, ClassScore Score = ClassScore.Logit) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target) => Gradient.One(this, f, x, target);

    public void ExplainAll(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Action<int, Attribution> found)
    {
        Gradient.Check("saliency", f, x, targets);
        Gradient.InBatches(f, x, targets, (some, classes) =>
            Gradient.PerImage(Gradient.AtInput(f, some, classes, Score), channels => new(Signed ? Map.SumOf(channels) : Map.LargestOf(channels), channels, Passes: 1)), found);
    }
}

/// <summary>
/// Gradient times input: channels[c] = x_c·∂s/∂x_c, map = Σ_c. Exactly the score's parts for a linear function without a constant.
/// </summary>
/// <remarks>Shrikumar et al., "Not Just a Black Box", 2016 (arXiv:1605.01713). It depends on what the preprocessing calls zero.</remarks>
public sealed record InputXGradient(ClassScore Score = ClassScore.Logit) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target) => Gradient.One(this, f, x, target);

    public void ExplainAll(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Action<int, Attribution> found)
    {
        Gradient.Check("input × gradient", f, x, targets);
        Gradient.InBatches(f, x, targets, (some, classes) => Gradient.PerImage(some * Gradient.AtInput(f, some, classes, Score), channels => new(Map.SumOf(channels), channels, Passes: 1)), found);
    }
}
