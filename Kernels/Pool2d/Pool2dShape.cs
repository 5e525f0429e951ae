namespace IlgpuXai.Kernels;

/// <summary>Geometry of a 2-D pooling: x [Planes, H, W] → y [Planes, P, Q], Planes = N·C, windows R × S.</summary>
public readonly record struct Pool2dShape
{
    public readonly int Planes, H, W, R, S, StrideH, StrideW, PadH, PadW, P, Q;

    public Pool2dShape(int planes, int H, int W, int R, int S, int strideH, int strideW, int padH = 0, int padW = 0)
    {
        if (R < 1 || S < 1 || strideH < 1 || strideW < 1) throw new ShapeException($"pool2d: window {R}×{S} and stride ({strideH}, {strideW}) must be at least 1");
        if (padH < 0 || padW < 0 || 2 * padH > R || 2 * padW > S) throw new ShapeException($"pool2d: padding ({padH}, {padW}) must be between 0 and half the window {R}×{S}");
        if (H + 2 * padH < R || W + 2 * padW < S) throw new ShapeException($"pool2d: window {R}×{S} is larger than the padded input {H + 2 * padH}×{W + 2 * padW}");
        (Planes, this.H, this.W, this.R, this.S, StrideH, StrideW, PadH, PadW) = (planes, H, W, R, S, strideH, strideW, padH, padW);
        (P, Q) = ((H + 2 * padH - R) / strideH + 1, (W + 2 * padW - S) / strideW + 1);
    }
}

/// <summary>Adaptive pooling: x [Planes, H, W] → y [Planes, P, Q]; window p covers rows ⌊p·H/P⌋ … ⌈(p+1)·H/P⌉−1, likewise columns. P = Q = 1 is global pooling.</summary>
public readonly record struct AdaptivePoolShape(int Planes, int H, int W, int P, int Q);
