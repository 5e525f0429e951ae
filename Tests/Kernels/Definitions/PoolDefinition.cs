using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Pooling by its formulas, one window and one pixel at a time, in double.</summary>
static class PoolDefinition
{
    public static (double[] Y, int[] Argmax) Max(double[] x, Pool2dShape s)
    {
        var y = new double[s.Planes * s.P * s.Q];
        var argmax = new int[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            var seen = Pixels(i, s).ToArray();
            int chosen = Array.FindIndex(seen, at => double.IsNaN(x[at]));
            if (chosen < 0)
            {
                double largest = seen.Max(at => x[at]);
                chosen = Array.FindIndex(seen, at => x[at] == largest);
            }
            (y[i], argmax[i]) = (x[seen[chosen]], seen[chosen] % (s.H * s.W));
        }
        return (y, argmax);
    }

    public static double[] MaxBackward(double[] dy, int[] argmax, Pool2dShape s)
    {
        var dx = new double[s.Planes * s.H * s.W];
        for (int i = 0; i < dy.Length; i++) dx[i / (s.P * s.Q) * s.H * s.W + argmax[i]] += dy[i];
        return dx;
    }

    public static double[] Average(double[] x, Pool2dShape s) =>
        [.. Enumerable.Range(0, s.Planes * s.P * s.Q).Select(i => Pixels(i, s).Sum(at => x[at]) / (s.R * s.S))];

    public static double[] AdaptiveAverage(double[] x, AdaptivePoolShape s)
    {
        var y = new double[s.Planes * s.P * s.Q];
        for (int plane = 0; plane < s.Planes; plane++)
        for (int p = 0; p < s.P; p++)
        for (int q = 0; q < s.Q; q++)
        {
            int h0 = (int)Math.Floor((double)p * s.H / s.P), h1 = (int)Math.Ceiling((p + 1.0) * s.H / s.P);
            int w0 = (int)Math.Floor((double)q * s.W / s.Q), w1 = (int)Math.Ceiling((q + 1.0) * s.W / s.Q);
            double sum = 0;
            for (int h = h0; h < h1; h++)
            for (int w = w0; w < w1; w++) sum += x[(plane * s.H + h) * s.W + w];
            y[(plane * s.P + p) * s.Q + q] = sum / ((h1 - h0) * (w1 - w0));
        }
        return y;
    }

    /// <summary>Positions in x, in reading order, of the pixels that output i sees.</summary>
    static IEnumerable<int> Pixels(int i, Pool2dShape s)
    {
        int plane = i / (s.P * s.Q), p = i / s.Q % s.P, q = i % s.Q;
        for (int r = 0; r < s.R; r++)
        for (int t = 0; t < s.S; t++)
        {
            int h = p * s.StrideH + r - s.PadH, w = q * s.StrideW + t - s.PadW;
            if (h >= 0 && h < s.H && w >= 0 && w < s.W) yield return (plane * s.H + h) * s.W + w;
        }
    }
}
