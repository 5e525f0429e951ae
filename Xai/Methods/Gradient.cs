using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Gradients of scores, for the methods built on them.</summary>
static class Gradient
{
    // Images whose gradients share a pass take no more than this.
    const long MemoryBudget = 256L << 20;

    /// <summary>∂ score of its class / ∂ wrt for each image of a recorded pass: logits [N, Classes] → the shape of <paramref name="wrt"/>.</summary>
    public static Tensor Of(Tensor logits, int[] targets, ClassScore score, Tensor wrt)
    {
        int classes = logits.Shape[1];
        var slopes = new float[targets.Length * classes];
        if (score == ClassScore.Logit)
            for (int i = 0; i < targets.Length; i++) slopes[i * classes + targets[i]] = 1;
        else
        {
            float[] z = logits.ToArray();
            for (int i = 0; i < targets.Length; i++) Probability(z.AsSpan(i * classes, classes), targets[i], slopes.AsSpan(i * classes, classes));
        }
        using var dy = logits.Device.Tensor(logits.Shape, slopes);
        using var gradients = Gradients.Of(logits, dy, wrt);
        return gradients[wrt].Detach();
    }

    /// <summary>∂ score / ∂ x at images [N, C, H, W].</summary>
    public static Tensor AtInput(ImageClassifier f, Tensor x, int[] targets, ClassScore score)
    {
        using var scope = x.Device.Scope();
        var leaf = x.Leaf();
        return scope.Keep(Of(f.Forward(leaf), targets, score, leaf));
    }

    /// <summary>Explains images [N, C, H, W], several to a pass.</summary>
    /// <param name="pass">Explanations of some images, each with its target.</param>
    public static void InBatches(ImageClassifier f, Tensor x, IReadOnlyList<int> targets, Func<Tensor, int[], Attribution[]> pass, Action<int, Attribution> found) =>
        PassBatches.For(f, x.Device, MemoryBudget).Each(x.Shape[1..], targets.Count, (first, count) => pass(x.Slice(0, first, count), [.. targets.Skip(first).Take(count)]), found);

    /// <summary>Of a method that explains several images at once, the explanation of one.</summary>
    public static Attribution One(IAttribution method, ImageClassifier f, Tensor x, int target)
    {
        Attribution? one = null;
        method.ExplainAll(f, x, [target], (_, found) => one = found);
        return one!;
    }

    /// <summary>That a method is given what it can explain, before anything is computed.</summary>
    public static void Check(string method, ImageClassifier f, Tensor x, params IReadOnlyList<int> targets)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(targets);
        if (x.Shape.Rank != 4 || x.Shape[0] != targets.Count) throw new ShapeException($"{method}: {(targets.Count == 1 ? "one image [1, C, H, W] was" : $"{targets.Count} images [{targets.Count}, C, H, W] were")} expected, got {x.Shape}");
        foreach (int target in targets)
            if ((uint)target >= (uint)f.Classes) throw new ArgumentOutOfRangeException(nameof(targets), $"{method}: class {target} is not one of the classifier's {f.Classes}");
    }

    /// <summary>What follows for each image from maps of its channels: values [N, C, H, W].</summary>
    public static Attribution[] PerImage(Tensor values, Func<Map[], Attribution> of)
    {
        var (channels, height, width) = (values.Shape[1], values.Shape[2], values.Shape[3]);
        Map[] maps = [.. values.ToArray().Chunk(height * width).Select(plane => new Map(height, width, plane))];
        return [.. maps.Chunk(channels).Select(of)];
    }

    // ∂p_t/∂z_c = p_t (δ_ct − p_c), in double: near 1 little is left of 1 − p.
    static void Probability(ReadOnlySpan<float> logits, int target, Span<float> slope)
    {
        double probability = Scores.Of(logits, target).Probability;
        for (int c = 0; c < slope.Length; c++) slope[c] = (float)(probability * ((c == target ? 1 : 0) - Scores.Of(logits, c).Probability));
    }
}
