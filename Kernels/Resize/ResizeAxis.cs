namespace IlgpuXai.Kernels;

/// <summary>Where the pixels of one axis of a resized image come from: (1 − Weight[i])·x[Low[i]] + Weight[i]·x[High[i]].</summary>
sealed class ResizeAxis
{
    ResizeAxis(int count) => (Low, High, Weight) = (new int[count], new int[count], new float[count]);

    public int[] Low { get; }
    public int[] High { get; }
    public float[] Weight { get; }

    /// <summary>Source max((i + ½)·length/count − ½, 0) as an exact fraction with denominator 2·count.</summary>
    public static ResizeAxis Bilinear(int length, int count)
    {
        var axis = new ResizeAxis(count);
        for (int i = 0; i < count; i++)
        {
            long source = Math.Max((2L * i + 1) * length - count, 0), unit = 2L * count;
            axis.Low[i] = (int)(source / unit);
            axis.High[i] = Math.Min(axis.Low[i] + 1, length - 1);
            axis.Weight[i] = source % unit / (float)unit;
        }
        return axis;
    }

    /// <summary>⌊i·length/count⌋.</summary>
    public static int[] Nearest(int length, int count) => [.. Enumerable.Range(0, count).Select(i => (int)((long)i * length / count))];
}
