using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Convolution and its gradients as one sum over all (pixel, weight, output) that meet, in double.</summary>
static class Conv2dDefinition
{
    public static Sums Forward(double[] x, double[] w, double[] bias, Conv2dShape s)
    {
        var y = new Sums(s.N * s.K * s.P * s.Q);
        if (bias.Length > 0)
            for (int i = 0; i < y.Values.Length; i++) y.Add(i, bias[i / (s.P * s.Q) % s.K]);
        Meet(s, (xi, wi, yi) => y.Add(yi, x[xi] * w[wi]));
        return y;
    }

    public static Sums BackwardInput(double[] dy, double[] w, Conv2dShape s)
    {
        var dx = new Sums(s.N * s.C * s.H * s.W);
        Meet(s, (xi, wi, yi) => dx.Add(xi, dy[yi] * w[wi]));
        return dx;
    }

    public static Sums BackwardWeight(double[] x, double[] dy, Conv2dShape s)
    {
        var dw = new Sums(s.K * (s.C / s.Groups) * s.R * s.S);
        Meet(s, (xi, wi, yi) => dw.Add(wi, dy[yi] * x[xi]));
        return dw;
    }

    public static Sums BackwardBias(double[] dy, Conv2dShape s)
    {
        var db = new Sums(s.K);
        for (int i = 0; i < dy.Length; i++) db.Add(i / (s.P * s.Q) % s.K, dy[i]);
        return db;
    }

    static void Meet(Conv2dShape s, Action<int, int, int> meet)
    {
        int perGroupC = s.C / s.Groups, perGroupK = s.K / s.Groups;
        for (int n = 0; n < s.N; n++)
        for (int k = 0; k < s.K; k++)
        for (int p = 0; p < s.P; p++)
        for (int q = 0; q < s.Q; q++)
        for (int c = 0; c < perGroupC; c++)
        for (int r = 0; r < s.R; r++)
        for (int t = 0; t < s.S; t++)
        {
            int h = p * s.StrideH - s.PadH + r * s.DilationH, v = q * s.StrideW - s.PadW + t * s.DilationW;
            if (h < 0 || h >= s.H || v < 0 || v >= s.W) continue;
            int channel = k / perGroupK * perGroupC + c;
            meet(((n * s.C + channel) * s.H + h) * s.W + v, ((k * perGroupC + c) * s.R + r) * s.S + t, ((n * s.K + k) * s.P + p) * s.Q + q);
        }
    }
}
