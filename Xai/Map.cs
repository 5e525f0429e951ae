namespace IlgpuXai.Xai;

/// <summary>One number per pixel, row-major [Height, Width]: an attribution as the method computed it, signed and unscaled.</summary>
public sealed class Map
{
    /// <exception cref="ArgumentException">The number of values is not height·width, or a side is below 1.</exception>
    public Map(int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (height < 1 || width < 1 || values.Length != height * width)
            throw new ArgumentException($"map: {height}×{width} pixels need {(long)height * width} values, got {values.Length}");
        (Height, Width, Values) = (height, width, values);
    }

    public int Height { get; }
    public int Width { get; }
    public float[] Values { get; }

    public float this[int row, int column] => Values[row * Width + column];

    /// <summary>Σ over all pixels, in double.</summary>
    public double Sum()
    {
        double sum = 0;
        foreach (float v in Values) sum += v;
        return sum;
    }

    /// <summary>Mean over all pixels, summed in double.</summary>
    public double Mean() => Mean(0, Height);

    /// <summary>Mean over the rows <paramref name="from"/> … <paramref name="to"/> − 1, summed in double.</summary>
    public double Mean(int from, int to)
    {
        if (from < 0 || to > Height || from >= to) throw new ArgumentException($"map: rows {from} to {to} are not rows of a map of {Height}");
        double sum = 0;
        for (int i = from * Width; i < to * Width; i++) sum += Values[i];
        return sum / ((to - from) * Width);
    }

    /// <summary>Pixel by pixel mean of maps of one size, summed in double.</summary>
    public static Map MeanOf(IReadOnlyList<Map> maps) => Combine(maps, "mean", (sum, v) => sum + v, sum => sum / maps.Count);

    /// <summary>Pixel by pixel sum of maps of one size, in double.</summary>
    public static Map SumOf(IReadOnlyList<Map> maps) => Combine(maps, "sum", (sum, v) => sum + v, sum => sum);

    /// <summary>The largest |value| of each pixel over maps of one size; a NaN wins.</summary>
    public static Map LargestOf(IReadOnlyList<Map> maps) => Combine(maps, "largest", (most, v) => Math.Max(most, Math.Abs(v)), most => most);

    static Map Combine(IReadOnlyList<Map> maps, string what, Func<double, float, double> add, Func<double, double> finish)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0) throw new ArgumentException($"map: the {what} of no maps is undefined");
        var (height, width) = (maps[0].Height, maps[0].Width);
        var all = new double[height * width];
        foreach (var map in maps)
        {
            if (map.Height != height || map.Width != width) throw new ArgumentException($"map: {map.Height}×{map.Width} among maps of {height}×{width}");
            for (int i = 0; i < all.Length; i++) all[i] = add(all[i], map.Values[i]);
        }
        return new(height, width, Array.ConvertAll(all, v => (float)finish(v)));
    }
}
