using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Resampling by its formulas, in double.</summary>
static class ResizeDefinition
{
    public static double[] Bilinear(double[] x, ResizeShape s) => Map(x, s, (image, p, q) =>
    {
        double h = Math.Max((p + 0.5) * s.H / s.P - 0.5, 0), w = Math.Max((q + 0.5) * s.W / s.Q - 0.5, 0);
        int h0 = (int)Math.Floor(h), w0 = (int)Math.Floor(w), h1 = Math.Min(h0 + 1, s.H - 1), w1 = Math.Min(w0 + 1, s.W - 1);
        double a = h - h0, b = w - w0;
        return (1 - a) * ((1 - b) * image(h0, w0) + b * image(h0, w1)) + a * ((1 - b) * image(h1, w0) + b * image(h1, w1));
    });

    public static double[] Nearest(double[] x, ResizeShape s) => Map(x, s, (image, p, q) => image(p * s.H / s.P, q * s.W / s.Q));

    static double[] Map(double[] x, ResizeShape s, Func<Func<int, int, double>, int, int, double> pixel)
    {
        var y = new double[s.Planes * s.P * s.Q];
        for (int i = 0; i < y.Length; i++)
        {
            int plane = i / (s.P * s.Q);
            y[i] = pixel((h, w) => x[(plane * s.H + h) * s.W + w], i / s.Q % s.P, i % s.Q);
        }
        return y;
    }
}
