namespace IlgpuXai.Kernels;

/// <summary>Geometry of a 2-D convolution in cuDNN's letters: x [N, C, H, W], w [K, C/Groups, R, S], y [N, K, P, Q], row-major.</summary>
/// <remarks>Derived sizes are stored, not computed: a kernel would repeat their divisions in every thread.</remarks>
public readonly record struct Conv2dShape
{
    public readonly int N, C, H, W, K, R, S;

    /// <summary>Pixels, per axis.</summary>
    public readonly int StrideH, StrideW, PadH, PadW, DilationH, DilationW;

    public readonly int Groups;

    /// <summary>P × Q output pixels; PQ = P·Q; NPQ = N·PQ; CG, KG: channels of one group; CRS = CG·R·S, the length of one sum.</summary>
    public readonly int P, Q, PQ, NPQ, CG, KG, CRS;

    public Conv2dShape(int N, int C, int H, int W, int K, int R, int S, int strideH = 1, int strideW = 1, int padH = 0, int padW = 0,
        int dilationH = 1, int dilationW = 1, int groups = 1)
    {
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || padH < 0 || padW < 0 || groups < 1)
            throw new ShapeException($"conv2d: stride ({strideH}, {strideW}), dilation ({dilationH}, {dilationW}) and groups {groups} must be at least 1, padding ({padH}, {padW}) at least 0");
        if (C % groups != 0 || K % groups != 0)
            throw new ShapeException($"conv2d: {groups} groups do not divide {C} input and {K} output channels");
        (this.N, this.C, this.H, this.W, this.K, this.R, this.S) = (N, C, H, W, K, R, S);
        (StrideH, StrideW, PadH, PadW, DilationH, DilationW, Groups) = (strideH, strideW, padH, padW, dilationH, dilationW, groups);
        long spanH = (long)dilationH * (R - 1) + 1, spanW = (long)dilationW * (S - 1) + 1, paddedH = H + 2L * padH, paddedW = W + 2L * padW;
        if (paddedH < spanH || paddedW < spanW)
            throw new ShapeException($"conv2d: kernel {spanH}×{spanW} (with dilation) is larger than the padded input {paddedH}×{paddedW}");
        if (paddedH > int.MaxValue || paddedW > int.MaxValue) throw new ShapeException($"conv2d: the padded input {paddedH}×{paddedW} is larger than {int.MaxValue} pixels along an axis");
        P = (int)(paddedH - spanH) / strideH + 1;
        Q = (int)(paddedW - spanW) / strideW + 1;
        (CG, KG) = (C / groups, K / groups);
        XSize = Expect.Elements("conv2d: x", N, C, H, W);
        WSize = Expect.Elements("conv2d: w", K, CG, R, S);
        YSize = Expect.Elements("conv2d: y", N, K, P, Q);
        PQ = Expect.Elements("conv2d: a plane of y", P, Q);
        NPQ = Expect.Elements("conv2d: a channel of y", N, P, Q);
        CRS = Expect.Elements("conv2d: a filter of w", CG, R, S);
    }

    /// <summary>Elements of x, w and y.</summary>
    public readonly int XSize, WSize, YSize;

    public long Flops => 2L * K * NPQ * CRS;
}
