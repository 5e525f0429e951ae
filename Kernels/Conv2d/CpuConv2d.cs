namespace IlgpuXai.Kernels;

sealed unsafe class CpuConv2d(Team team) : IConv2d
{
    public void Forward(View x, View w, View bias, View y, Conv2dShape s) => team.For(s.K * s.NPQ, 1, (from, to) =>
    {
        for (long i = from; i < to; i++)
        {
            int q = (int)(i % s.Q), p = (int)(i / s.Q % s.P), k = (int)(i / s.PQ % s.K), n = (int)(i / s.PQ / s.K), g = k / s.KG;
            float sum = bias.Length > 0 ? bias.Data[k] : 0;
            for (int c = 0; c < s.CG; c++)
            for (int r = 0; r < s.R; r++)
            for (int t = 0; t < s.S; t++)
            {
                int h = p * s.StrideH - s.PadH + r * s.DilationH, v = q * s.StrideW - s.PadW + t * s.DilationW;
                if ((uint)h < (uint)s.H && (uint)v < (uint)s.W)
                    sum += x.Data[((n * s.C + g * s.CG + c) * s.H + h) * s.W + v] * w.Data[((k * s.CG + c) * s.R + r) * s.S + t];
            }
            y.Data[i] = sum;
        }
    });

    public void BackwardInput(View dy, View w, View dx, Conv2dShape s) => team.For(s.N * s.C, 1, (from, to) =>
    {
        for (long nc = from; nc < to; nc++)
        {
            int n = (int)(nc / s.C), c = (int)(nc % s.C), g = c / s.CG;
            float* plane = dx.Data + nc * s.H * s.W;
            new Span<float>(plane, s.H * s.W).Clear();
            for (int k = g * s.KG; k < (g + 1) * s.KG; k++)
            for (int r = 0; r < s.R; r++)
            for (int t = 0; t < s.S; t++)
            {
                float weight = w.Data[((k * s.CG + c % s.CG) * s.R + r) * s.S + t];
                for (int p = 0; p < s.P; p++)
                for (int q = 0; q < s.Q; q++)
                {
                    int h = p * s.StrideH - s.PadH + r * s.DilationH, v = q * s.StrideW - s.PadW + t * s.DilationW;
                    if ((uint)h < (uint)s.H && (uint)v < (uint)s.W) plane[h * s.W + v] += weight * dy.Data[((n * s.K + k) * s.P + p) * s.Q + q];
                }
            }
        }
    });

    public void BackwardWeight(View x, View dy, View dw, Conv2dShape s) => team.For(s.WSize, 1, (from, to) =>
    {
        for (long i = from; i < to; i++)
        {
            int t = (int)(i % s.S), r = (int)(i / s.S % s.R), c = (int)(i / (s.R * s.S) % s.CG), k = (int)(i / s.CRS), g = k / s.KG;
            float sum = 0;
            for (int n = 0; n < s.N; n++)
            for (int p = 0; p < s.P; p++)
            for (int q = 0; q < s.Q; q++)
            {
                int h = p * s.StrideH - s.PadH + r * s.DilationH, v = q * s.StrideW - s.PadW + t * s.DilationW;
                if ((uint)h < (uint)s.H && (uint)v < (uint)s.W)
                    sum += x.Data[((n * s.C + g * s.CG + c) * s.H + h) * s.W + v] * dy.Data[((n * s.K + k) * s.P + p) * s.Q + q];
            }
            dw.Data[i] = sum;
        }
    });

    public void BackwardBias(View dy, View db, Conv2dShape s) => team.For(s.K, 1, (from, to) =>
    {
        for (long k = from; k < to; k++)
        {
            float sum = 0;
            for (int n = 0; n < s.N; n++)
            for (int i = 0; i < s.PQ; i++) sum += dy.Data[((long)n * s.K + k) * s.PQ + i];
            db.Data[k] = sum;
        }
    });
}
