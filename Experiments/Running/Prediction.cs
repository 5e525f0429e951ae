using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>What a classifier sees in one picture: its most probable classes, the most probable first.</summary>
public sealed record Prediction(string Picture, string? Note, IReadOnlyList<ClassProbability> Classes)
{
    public static IEnumerable<Prediction> Of(ImageClassifier f, Device device, IEnumerable<PictureInput> pictures, ClassNames names, int top)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(pictures);
        return pictures.Select(p => new Prediction(p.Path, p.Note, Ranked(Logits(f, device, p), names, top)));
    }

    static float[] Logits(ImageClassifier f, Device device, PictureInput picture)
    {
        using var scope = device.Scope();
        return f.Forward(PictureInput.Images(device, [picture])).ToArray();
    }

    static ClassProbability[] Ranked(float[] logits, ClassNames names, int top) =>
        [.. Enumerable.Range(0, logits.Length).OrderByDescending(c => logits[c]).Take(top).Select(c => new ClassProbability(c, names[c], logits[c], Scores.Of(logits, c).Probability))];
}

/// <summary>A class, from 0, its name where it has one, its score, and its probability after softmax, in [0, 1].</summary>
public sealed record ClassProbability(int Class, string? Name, float Logit, double Probability);
