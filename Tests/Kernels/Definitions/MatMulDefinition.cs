using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Matrix products by their formula, in double.</summary>
static class MatMulDefinition
{
    public static Sums Multiply(double[] a, double[] b, MatMulShape s)
    {
        var c = new Sums(s.Batch * s.M * s.N);
        for (int i = 0; i < s.Batch; i++)
        for (int m = 0; m < s.M; m++)
        for (int n = 0; n < s.N; n++)
        for (int k = 0; k < s.K; k++)
            c.Add((i * s.M + m) * s.N + n,
                a[i * s.StrideA + (s.TransposeA ? k * s.M + m : m * s.K + k)] * b[i * s.StrideB + (s.TransposeB ? n * s.K + k : k * s.N + n)]);
        return c;
    }
}
