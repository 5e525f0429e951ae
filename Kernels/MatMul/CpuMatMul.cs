namespace IlgpuXai.Kernels;

sealed unsafe class CpuMatMul(Team team) : IMatMul
{
    public void Multiply(View a, View b, View c, MatMulShape s)
    {
        team.For((long)s.Batch * s.M, 1, (from, to) =>
        {
            for (long row = from; row < to; row++)
            {
                int i = (int)(row / s.M), m = (int)(row % s.M);
                float* pa = a.Data + (long)i * s.StrideA, pb = b.Data + (long)i * s.StrideB, pc = c.Data + (long)i * s.StrideC + (long)m * s.N;
                for (int n = 0; n < s.N; n++)
                {
                    float sum = 0;
                    for (int k = 0; k < s.K; k++) sum += pa[s.TransposeA ? k * s.M + m : m * s.K + k] * pb[s.TransposeB ? n * s.K + k : k * s.N + n];
                    pc[n] = sum;
                }
            }
        });
    }
}
