using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

static class OccludeDefinition
{
    /// <summary>Whether the window of a position covers a pixel.</summary>
    public static bool Covers(int position, int h, int w, OccludeShape s)
    {
        int columns = 1 + (int)Math.Ceiling((s.W - s.WindowW) / (double)s.StrideW);
        int top = position / columns * s.StrideH, left = position % columns * s.StrideW;
        return top <= h && h < top + s.WindowH && left <= w && w < left + s.WindowW;
    }

    public static int Positions(OccludeShape s) =>
        (1 + (int)Math.Ceiling((s.H - s.WindowH) / (double)s.StrideH)) * (1 + (int)Math.Ceiling((s.W - s.WindowW) / (double)s.StrideW));

    public static double[] Paint(double[] image, double[] baseline, int first, int count, OccludeShape s)
    {
        double[] batch = new double[count * s.C * s.H * s.W];
        for (int b = 0, at = 0; b < count; b++)
            for (int i = 0; i < image.Length; i++, at++)
                batch[at] = Covers(first + b, i / s.W % s.H, i % s.W, s) ? baseline[i] : image[i];
        return batch;
    }

    public static double[] Average(double[] drops, OccludeShape s)
    {
        double[] map = new double[s.H * s.W];
        for (int i = 0; i < map.Length; i++)
        {
            var covering = Enumerable.Range(0, drops.Length).Where(p => Covers(p, i / s.W, i % s.W, s)).ToArray();
            map[i] = covering.Sum(p => drops[p]) / covering.Length;
        }
        return map;
    }
}
