using IlgpuXai.Data;
using IlgpuXai.Engine;
using MathNet.Numerics.LinearAlgebra;

namespace IlgpuXai.Xai;

/// <summary>
/// Local interpretable model-agnostic explanations: segments are kept or replaced by the toss of a coin, and a linear model of which are kept is fitted to the scores.
/// map[p] = β of the segment of p, where β, b minimise Σᵢ wᵢ (s(xᵢ) − b − β·zᵢ)² + <paramref name="Ridge"/>·|β|².
/// </summary>
/// <remarks>
/// Ribeiro, Singh and Guestrin, "Why Should I Trust You?", 2016. Weights as in the authors' package: wᵢ = exp(−dᵢ²/width²)^½ with the cosine distance dᵢ = 1 − √(share kept) to the image,
/// which is the first sample. <see cref="Attribution.Residual"/> is the root of the weighted mean square error of the model.
/// </remarks>
/// <param name="Segments">What is kept or replaced as one.</param>
/// <param name="Baseline">What replaces a segment.</param>
/// <param name="Samples">Images that are scored, the image itself among them.</param>
/// <param name="KernelWidth">How far samples count as near.</param>
/// <param name="Seed">Of the coins.</param>
public sealed record Lime(Segments Segments, Baseline Baseline, int Samples = 1000, double KernelWidth = 0.25, double Ridge = 1, ulong Seed = 0, ClassScore Score = ClassScore.Logit) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("lime", f, x, target);
        if (Samples < 2) throw new ArgumentException($"lime: {Samples} samples; the image and one more are the least");
        using var scope = x.Device.Scope();
        int[] labels = Segments.For(x.ToArray(), x.Shape[1], x.Shape[2], x.Shape[3]);
        var kept = new KeptSegments(x, Baseline.For(x), labels, Samples - 1, Seed);
        var (clean, scores) = new VariantScores(f, x.Device).Of(x, target, kept);
        double[] y = [clean[Score], .. scores.Select(s => s[Score])];
        bool[][] z = [[.. Enumerable.Repeat(true, kept.Segments)], .. Enumerable.Range(0, kept.Count).Select(kept.Kept)];
        var (beta, error) = Fit(z, y);
        return new(new(x.Shape[2], x.Shape[3], Array.ConvertAll(labels, k => (float)beta[k])), [], Passes: Samples, Residual: error);
    }

    // Centred by the weighted means, so that the constant b is not penalised.
    (Vector<double> Beta, double Error) Fit(bool[][] z, double[] y)
    {
        double[] w = Array.ConvertAll(z, row => Math.Exp(-Math.Pow(1 - Math.Sqrt(row.Count(kept => kept) / (double)row.Length), 2) / (2 * KernelWidth * KernelWidth)));
        double total = w.Sum(), mean = w.Zip(y, (a, b) => a * b).Sum() / total;
        var means = Vector<double>.Build.Dense(z[0].Length, k => Enumerable.Range(0, z.Length).Sum(i => z[i][k] ? w[i] : 0) / total);
        var rows = Matrix<double>.Build.Dense(z.Length, means.Count, (i, k) => Math.Sqrt(w[i]) * ((z[i][k] ? 1 : 0) - means[k]));
        var scores = Vector<double>.Build.Dense(y.Length, i => Math.Sqrt(w[i]) * (y[i] - mean));
        var beta = (rows.TransposeThisAndMultiply(rows) + Ridge * Matrix<double>.Build.DenseIdentity(means.Count)).Cholesky().Solve(rows.TransposeThisAndMultiply(scores));
        return (beta, Math.Sqrt((scores - rows * beta).DotProduct(scores - rows * beta) / total));
    }
}

/// <summary>An image of which each variant keeps every segment with probability ½ and has the baseline in place of the others.</summary>
sealed class KeptSegments(Tensor x, Tensor baseline, int[] labels, int count, ulong seed) : MaskedVariants(x, baseline)
{
    public int Segments { get; } = labels.Max() + 1;

    public override int Count => count;

    /// <summary>The coins of a variant; the same whenever asked.</summary>
    public bool[] Kept(int variant)
    {
        var random = new SeededRandom(seed, (ulong)variant);
        var kept = new bool[Segments];
        for (int k = 0; k < kept.Length; k++) kept[k] = random.NextDouble() < 0.5;
        return kept;
    }

    protected override void Paint(int variant, Span<float> mask)
    {
        bool[] kept = Kept(variant);
        for (int p = 0; p < mask.Length; p++) mask[p] = kept[labels[p]] ? 1 : 0;
    }
}
