namespace IlgpuXai.Kernels;

/// <summary>Geometry of a 2-D pooling: x [Planes, H, W] → y [Planes, P, Q], Planes = N·C, windows R × S.</summary>
/// <remarks>
/// P = ⌊(H + 2·padH − R)/strideH⌋ + 1, or with ⌈ ⌉ where <c>ceil</c> is asked for: a last window may then hang over the far edge, but none begins
/// beyond it (PyTorch's ceil_mode). Such windows are for maxima; a mean would divide by the whole window.
/// </remarks>
public readonly record struct Pool2dShape
{
    public readonly int Planes, H, W, R, S, StrideH, StrideW, PadH, PadW, P, Q;

    public Pool2dShape(int planes, int H, int W, int R, int S, int strideH, int strideW, int padH = 0, int padW = 0, bool ceil = false)
    {
        CheckImage(H, W);
        if (R < 1 || S < 1 || strideH < 1 || strideW < 1) throw new ShapeException($"pool2d: window {R}×{S} and stride ({strideH}, {strideW}) must be at least 1");
        if (padH < 0 || padW < 0 || 2 * padH > R || 2 * padW > S) throw new ShapeException($"pool2d: padding ({padH}, {padW}) must be between 0 and half the window {R}×{S}");
        if (H + 2L * padH < R || W + 2L * padW < S) throw new ShapeException($"pool2d: window {R}×{S} is larger than the padded input {H + 2L * padH}×{W + 2L * padW}");
        (Planes, this.H, this.W, this.R, this.S, StrideH, StrideW, PadH, PadW) = (planes, H, W, R, S, strideH, strideW, padH, padW);
        (P, Q) = (Windows(H, R, strideH, padH, ceil), Windows(W, S, strideW, padW, ceil));
    }

    internal void Check(View x, View y, string xName, string yName)
    {
        Expect.Length(x, (long)Planes * H * W, xName);
        Expect.Length(y, (long)Planes * P * Q, yName);
    }

    static int Windows(int length, int window, int stride, int pad, bool ceil)
    {
        int rest = length - window + 2 * pad, whole = rest / stride + 1;
        return ceil && rest % stride != 0 && whole * stride < length + pad ? whole + 1 : whole;
    }

    internal static void CheckImage(int H, int W)
    {
        if (H < 1 || W < 1) throw new ShapeException($"pool2d: input {H}×{W} must be at least 1×1");
    }
}

/// <summary>Adaptive pooling: x [Planes, H, W] → y [Planes, P, Q]; window p covers rows ⌊p·H/P⌋ … ⌈(p+1)·H/P⌉−1, likewise columns. P = Q = 1 is global pooling.</summary>
public readonly record struct AdaptivePoolShape
{
    public readonly int Planes, H, W, P, Q;

    public AdaptivePoolShape(int planes, int H, int W, int P, int Q)
    {
        Pool2dShape.CheckImage(H, W);
        if (P < 1 || Q < 1) throw new ShapeException($"pool2d: output size ({P}, {Q}) must be at least 1");
        (Planes, this.H, this.W, this.P, this.Q) = (planes, H, W, P, Q);
    }

    internal void Check(View x, View y, string xName, string yName)
    {
        Expect.Length(x, (long)Planes * H * W, xName);
        Expect.Length(y, (long)Planes * P * Q, yName);
    }
}
