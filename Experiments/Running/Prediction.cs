using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>What a classifier sees in one picture: its most probable classes, the most probable first.</summary>
public sealed record Prediction(string Picture, string? Note, IReadOnlyList<ClassProbability> Classes)
{
    public static IReadOnlyList<Prediction> Of(ImageClassifier f, Device device, IReadOnlyList<PictureInput> pictures, int top)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(pictures);
        return [.. pictures.Select(p => new Prediction(p.Path, p.Note, Ranked(Logits(f, device, p.Values), top)))];
    }

    internal static float[] Logits(ImageClassifier f, Device device, float[] values)
    {
        using var scope = device.Scope();
        return f.Forward(device.Tensor([1, f.InputShape[0], f.InputShape[1], f.InputShape[2]], values)).ToArray();
    }

    static ClassProbability[] Ranked(float[] logits, int top) =>
        [.. Enumerable.Range(0, logits.Length).Select(c => new ClassProbability(c, Scores.Of(logits, c).Probability)).OrderByDescending(c => c.Probability).Take(top)];
}

/// <summary>A class, from 0, and its probability after softmax, in [0, 1].</summary>
public sealed record ClassProbability(int Class, double Probability);
