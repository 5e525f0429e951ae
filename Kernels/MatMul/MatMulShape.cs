namespace IlgpuXai.Kernels;

/// <summary>c [Batch, M, N] = op(a) · op(b). A is stored [M, K], or [K, M] when transposed; B is stored [K, N], or [N, K] when transposed.</summary>
public readonly record struct MatMulShape
{
    public readonly int Batch, M, N, K;
    public readonly bool TransposeA, TransposeB;

    /// <summary>Elements from one matrix of the batch to the next; 0 uses the same one for all.</summary>
    public readonly int StrideA, StrideB, StrideC;

    public MatMulShape(int M, int N, int K, bool transposeA = false, bool transposeB = false, int batch = 1, bool shareA = false, bool shareB = false)
    {
        (Batch, this.M, this.N, this.K, TransposeA, TransposeB) = (batch, M, N, K, transposeA, transposeB);
        int a = Expect.Elements("matmul: a", M, K), b = Expect.Elements("matmul: b", K, N);
        (StrideA, StrideB, StrideC) = (shareA ? 0 : a, shareB ? 0 : b, Expect.Elements("matmul: c", M, N));
    }

    public long Flops => 2L * Batch * M * N * K;
}
