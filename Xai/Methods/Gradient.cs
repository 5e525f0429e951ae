using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Scores of images and their gradients, for the methods built on them.</summary>
static class Gradient
{
    /// <summary>∂ score of <paramref name="target"/> / ∂ wrt for each image of a recorded pass: logits [N, Classes] → the shape of <paramref name="wrt"/>.</summary>
    public static (Tensor Gradient, Scores[] Scores) Of(Tensor logits, int target, ClassScore score, Tensor wrt)
    {
        var (n, classes) = (logits.Shape[0], logits.Shape[1]);
        float[] z = logits.ToArray(), seed = new float[z.Length];
        var scores = new Scores[n];
        for (int i = 0; i < n; i++)
        {
            var row = z.AsSpan(i * classes, classes);
            scores[i] = Scores.Of(row, target);
            Slope(row, target, score, scores[i].Probability, seed.AsSpan(i * classes, classes));
        }
        using var dy = logits.Device.Tensor(logits.Shape, seed);
        using var gradients = Gradients.Of(logits, dy, wrt);
        return (gradients[wrt].Detach(), scores);
    }

    /// <summary>∂ score / ∂ x at images [N, C, H, W].</summary>
    public static (Tensor Gradient, Scores[] Scores) AtInput(ImageClassifier f, Tensor x, int target, ClassScore score)
    {
        using var scope = x.Device.Scope();
        var leaf = x.Leaf();
        var (gradient, scores) = Of(f.Forward(leaf), target, score, leaf);
        return (scope.Keep(gradient), scores);
    }

    /// <summary>That a method is given what it can explain, before anything is computed.</summary>
    public static void Check(string method, ImageClassifier f, Tensor x, int target)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 4 || x.Shape[0] != 1) throw new ShapeException($"{method}: one image [1, C, H, W] was expected, got {x.Shape}");
        if ((uint)target >= (uint)f.Classes) throw new ArgumentOutOfRangeException(nameof(target), $"{method}: class {target} is not one of the classifier's {f.Classes}");
    }

    /// <summary>One map per channel of [1, C, H, W].</summary>
    public static Map[] PerChannel(ReadOnlySpan<float> values, Shape image)
    {
        int plane = image[2] * image[3];
        var maps = new Map[image[1]];
        for (int c = 0; c < maps.Length; c++) maps[c] = new(image[2], image[3], values.Slice(c * plane, plane).ToArray());
        return maps;
    }

    // Of the logit: 1 at the target. Of the probability: p_t (δ_ct − p_c).
    static void Slope(ReadOnlySpan<float> logits, int target, ClassScore score, double probability, Span<float> slope)
    {
        if (score == ClassScore.Logit) slope[target] = 1;
        else
            for (int c = 0; c < slope.Length; c++) slope[c] = (float)(probability * ((c == target ? 1 : 0) - Scores.Of(logits, c).Probability));
    }
}
