namespace IlgpuXai.Kernels;

/// <summary>Positions of a sliding window over an image [C, H, W]: row-major, Rows × Columns of them, the last ones clipped by the image's border.</summary>
/// <remarks>
/// As Captum's Occlusion: Rows = 1 + ⌈(H − WindowH)/StrideH⌉, and the window of row i covers image rows i·StrideH … min(i·StrideH + WindowH, H) − 1.
/// </remarks>
public readonly record struct OccludeShape
{
    public readonly int C, H, W, WindowH, WindowW, StrideH, StrideW, Rows, Columns;

    public OccludeShape(int C, int H, int W, int windowH, int windowW, int strideH, int strideW)
    {
        if (windowH < 1 || windowW < 1 || windowH > H || windowW > W) throw new ShapeException($"occlusion: window {windowH}×{windowW} must be between 1×1 and the image {H}×{W}");
        if (strideH < 1 || strideW < 1 || strideH > windowH || strideW > windowW) throw new ShapeException($"occlusion: stride ({strideH}, {strideW}) must be between 1 and the window {windowH}×{windowW}, or pixels stay uncovered");
        (this.C, this.H, this.W, WindowH, WindowW, StrideH, StrideW) = (C, H, W, windowH, windowW, strideH, strideW);
        (Rows, Columns) = (1 + (H - windowH + strideH - 1) / strideH, 1 + (W - windowW + strideW - 1) / strideW);
    }

    public int Positions => Rows * Columns;

    /// <summary>The first position along an axis whose window covers a pixel; the last is pixel / stride, or the last there is.</summary>
    public static int FirstCovering(int pixel, int window, int stride) => pixel < window ? 0 : (pixel - window) / stride + 1;

    internal void CheckPaint(View image, View baseline, View batch, int first, int count)
    {
        if (first < 0 || count < 0 || first > Positions - count) throw new ShapeException($"occlusion: positions [{first}, {first + count}) of {Positions}");
        Expect.Length(image, (long)C * H * W, "occlusion: image");
        Expect.Length(baseline, (long)C * H * W, "occlusion: baseline");
        Expect.Length(batch, (long)count * C * H * W, "occlusion: batch");
    }

    internal void CheckAverage(View drops, View map)
    {
        Expect.Length(drops, Positions, "occlusion: drops");
        Expect.Length(map, (long)H * W, "occlusion: map");
    }
}

/// <summary>Occlusion: images with a window painted over, and the map that the drops of a score add up to.</summary>
public interface IOcclude
{
    /// <summary>batch[i] ← image with the window of position first + i replaced by baseline, i = 0 … count−1. image, baseline [C, H, W]; batch [count, C, H, W].</summary>
    void Paint(View image, View baseline, View batch, int first, int count, OccludeShape s);

    /// <summary>map[h, w] ← mean of drops over the positions whose window covers the pixel (Captum's coverage average). drops [Positions], map [H, W].</summary>
    void Average(View drops, View map, OccludeShape s);
}
