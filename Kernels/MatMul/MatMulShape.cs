namespace IlgpuXai.Kernels;

/// <summary>c [Batch, M, N] = op(a) · op(b). A is stored [M, K], or [K, M] when transposed; B is stored [K, N], or [N, K] when transposed.</summary>
public readonly record struct MatMulShape
{
    public readonly int Batch, M, N, K;

    readonly int _transposeA, _transposeB;                              // numbers: a bool has no size that host and all devices agree on

    /// <summary>Elements from one matrix of the batch to the next; 0 uses the same one for all.</summary>
    public readonly int StrideA, StrideB, StrideC;

    public MatMulShape(int M, int N, int K, bool transposeA = false, bool transposeB = false, int batch = 1, bool shareA = false, bool shareB = false)
    {
        (Batch, this.M, this.N, this.K, _transposeA, _transposeB) = (batch, M, N, K, transposeA ? 1 : 0, transposeB ? 1 : 0);
        int a = Expect.Elements("matmul: a", M, K), b = Expect.Elements("matmul: b", K, N);
        (StrideA, StrideB, StrideC) = (shareA ? 0 : a, shareB ? 0 : b, Expect.Elements("matmul: c", M, N));
    }

    public bool TransposeA => _transposeA != 0;
    public bool TransposeB => _transposeB != 0;
    public long Flops => 2L * Batch * M * N * K;
}
