using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Means of rectangular windows of one plane, as column sums over the rows of a window, then sums of those along the row.</summary>
static unsafe class AverageWindows
{
    /// <summary>y[p, q] ← Σ of x over window p × q / (rows.Divisor[p] · columns.Divisor[q]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mean(float* x, float* y, AxisWindows rows, AxisWindows columns, float[] sums)
    {
        if (rows.Count == 1 && columns.Count == 1 && rows.End[0] - rows.First[0] == rows.Length && columns.End[0] - columns.First[0] == columns.Length)
        {
            *y = Sum(new(x, rows.Length * columns.Length)) / (rows.Divisor[0] * columns.Divisor[0]);
            return;
        }
        int width = columns.Length;
        for (int p = 0; p < rows.Count; p++, y += columns.Count)
        {
            new ReadOnlySpan<float>(x + rows.First[p] * width, width).CopyTo(sums);
            for (int h = rows.First[p] + 1; h < rows.End[p]; h++) Add(new(x + h * width, width), sums);
            for (int q = 0; q < columns.Count; q++)
            {
                float sum = 0;
                for (int w = columns.First[q]; w < columns.End[q]; w++) sum += sums[w];
                y[q] = sum / (rows.Divisor[p] * columns.Divisor[q]);
            }
        }
    }

    /// <summary>dx[h, w] ← Σ of dy[p, q] / (rows.Divisor[p] · columns.Divisor[q]) over the windows that cover h, w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* dy, float* dx, AxisWindows rows, AxisWindows columns, float[] line)
    {
        int width = columns.Length;
        new Span<float>(dx, rows.Length * width).Clear();
        for (int p = 0; p < rows.Count; p++, dy += columns.Count)
        {
            line.AsSpan().Clear();
            for (int q = 0; q < columns.Count; q++)
            {
                float share = dy[q] / (rows.Divisor[p] * columns.Divisor[q]);
                for (int w = columns.First[q]; w < columns.End[q]; w++) line[w] += share;
            }
            for (int h = rows.First[p]; h < rows.End[p]; h++) Add(line, new(dx + h * width, width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(ReadOnlySpan<float> x, Span<float> sums)
    {
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sums[i..]) + new Vector<float>(x[i..])).CopyTo(sums[i..]);
        for (; i < x.Length; i++) sums[i] += x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Sum(ReadOnlySpan<float> x)
    {
        var lanes = Vector<float>.Zero;
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count) lanes += new Vector<float>(x[i..]);
        float sum = Vector.Sum(lanes);
        for (; i < x.Length; i++) sum += x[i];
        return sum;
    }
}
