using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>
/// Randomized input sampling: the image behind random soft masks, and the mean of the masks weighted by the scores:
/// map[p] = 1/(N·q)·Σᵢ s(x ⊙ Mᵢ)·Mᵢ[p], q the probability that a cell of a mask is open.
/// </summary>
/// <remarks>
/// Petsiuk, Das and Saenko, "RISE", 2018, section 3.2: masks of <paramref name="Cells"/>² cells, enlarged bilinearly to one cell more than the image and cut out at a random place within it.
/// Not a difference: an image that scores high behind every mask has a high map everywhere. Centred, with s(x ⊙ Mᵢ) less the mean of all scores, 0 says that a pixel makes no difference.
/// </remarks>
/// <param name="Masks">N.</param>
/// <param name="Cells">Cells along an axis of a mask before it is enlarged.</param>
/// <param name="Open">q.</param>
/// <param name="Baseline">What lies behind closed cells; zeros where null.</param>
/// <param name="Seed">Of the masks.</param>
/// <param name="Centred">Take the mean off the scores.</param>
public sealed record Rise(int Masks = 4000, int Cells = 7, double Open = 0.5, Baseline? Baseline = null, ulong Seed = 0, bool Centred = false, ClassScore Score = ClassScore.Logit) : IAttribution
{
    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("rise", f, x, target);
        var (height, width, device) = (x.Shape[2], x.Shape[3], x.Device);
        if (Masks < 1) throw new ArgumentException($"rise: {Masks} masks");
        if (Cells < 1 || Cells > Math.Min(height, width)) throw new ShapeException($"rise: {Cells} cells along an image of {height}×{width}");
        if (Open is not (> 0 and <= 1)) throw new ArgumentException($"rise: cells are open with a probability of {Open}");
        using var scope = device.Scope();
        var masks = new SoftMasks(x, (Baseline ?? new Baseline.Constant(0)).For(x), Masks, Cells, Open, Seed);
        double[] scores = Array.ConvertAll(new VariantScores(f, device).Of(x, target, masks).Variants, s => s[Score]);
        double mean = Centred ? scores.Average() : 0;
        float[] weights = Array.ConvertAll(scores, s => (float)((s - mean) / (Masks * Open)));
        return new(new(height, width, masks.Sum(weights)), [], Passes: Masks + 1);
    }
}

/// <summary>An image behind random grids of open and closed cells, enlarged and shifted.</summary>
sealed class SoftMasks(Tensor x, Tensor baseline, int count, int cells, double open, ulong seed) : MaskedVariants(x, baseline)
{
    public override int Count => count;

    /// <summary>Σᵢ weights[i]·mask i, [H, W].</summary>
    public float[] Sum(float[] weights)
    {
        const int together = 64;
        var sum = Device.Zeros([1, Height, Width]);
        for (int first = 0; first < count; first += together)
        {
            using var scope = Device.Scope();
            int n = Math.Min(together, count - first);
            // The sum so far goes first, with weight 1.
            var all = Tensor.Concat(0, sum, Masks(first, n));
            Device.Path.WeightedSum(all.View, Device.Tensor([n + 1], [1, .. weights.AsSpan(first, n)]).View, sum.View);
        }
        return sum.ToArray();
    }

    protected override void Paint(int variant, Span<float> mask)
    {
        var random = new SeededRandom(seed, (ulong)variant);
        float[] grid = new float[cells * cells];
        for (int i = 0; i < grid.Length; i++) grid[i] = random.NextDouble() < open ? 1 : 0;
        // Whole pixels of a cell; the enlarged grid is one cell larger than the image, so that every shift below a cell fits.
        int cellH = (Height + cells - 1) / cells, cellW = (Width + cells - 1) / cells;
        int shiftH = random.Below(cellH), shiftW = random.Below(cellW);
        var columns = new (int Left, int Right, float Share)[Width];
        for (int w = 0; w < Width; w++) columns[w] = Between(w + shiftW, cellW);
        float[] row = new float[cells];
        for (int h = 0; h < Height; h++)
        {
            var (above, below, share) = Between(h + shiftH, cellH);
            for (int c = 0; c < cells; c++) row[c] = grid[above * cells + c] + share * (grid[below * cells + c] - grid[above * cells + c]);
            for (int w = 0; w < Width; w++) mask[h * Width + w] = row[columns[w].Left] + columns[w].Share * (row[columns[w].Right] - row[columns[w].Left]);
        }
    }

    // Neighbours of a pixel of the enlarged axis, cells + 1 cells long, and how far it is to the second; pixels and cells are where their middles are.
    (int, int, float) Between(int pixel, int cell)
    {
        double at = Math.Clamp((pixel + 0.5) * cells / ((cells + 1.0) * cell) - 0.5, 0, cells - 1);
        int first = (int)at;
        return (first, Math.Min(first + 1, cells - 1), (float)(at - first));
    }
}
