namespace IlgpuXai.Kernels;

/// <summary>The windows of a pooling along one axis: window i covers pixels First[i] … End[i]−1 and divides by Divisor[i].</summary>
sealed class AxisWindows
{
    AxisWindows(int length, int count) => (Length, First, End, Divisor) = (length, new int[count], new int[count], new int[count]);

    /// <summary>Pixels of the axis.</summary>
    public int Length { get; }

    /// <summary>Number of windows.</summary>
    public int Count => First.Length;

    public int[] First { get; }
    public int[] End { get; }
    public int[] Divisor { get; }

    /// <summary>Windows of one size, clipped to the image; the divisor counts padding.</summary>
    public static AxisWindows Sliding(int length, int count, int size, int stride, int pad)
    {
        var w = new AxisWindows(length, count);
        for (int i = 0; i < count; i++)
        {
            w.First[i] = Math.Max(i * stride - pad, 0);
            w.End[i] = Math.Min(i * stride - pad + size, length);
            w.Divisor[i] = size;
        }
        return w;
    }

    /// <summary>⌊i·length/count⌋ … ⌈(i+1)·length/count⌉−1.</summary>
    public static AxisWindows Adaptive(int length, int count)
    {
        var w = new AxisWindows(length, count);
        for (int i = 0; i < count; i++)
        {
            w.First[i] = (int)((long)i * length / count);
            w.End[i] = (int)(((i + 1L) * length + count - 1) / count);
            w.Divisor[i] = w.End[i] - w.First[i];
        }
        return w;
    }
}
