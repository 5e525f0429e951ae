namespace IlgpuXai.Kernels;

/// <summary>Batched matrix product. Row-major matrices, batches one behind the other.</summary>
public interface IMatMul
{
    /// <summary>c[i] ← op(a[i]) · op(b[i]) for i = 0 … Batch−1, with op(a) [M, K], op(b) [K, N], c [M, N].</summary>
    /// <remarks>Sums run in float32 in a fixed order. K = 0 gives zeros. A NaN reaches every sum it belongs to.</remarks>
    void Multiply(View a, View b, View c, MatMulShape s);
}
