namespace IlgpuXai.Xai;

/// <summary>Which values the ends of a colour map stand for: t = (value − Low)/(High − Low). One scale for several maps makes their colours comparable.</summary>
/// <remarks>Values outside take the colours of the ends. Where Low = High, everything takes the middle colour.</remarks>
public readonly record struct ColourScale(double Low, double High)
{
    public double Position(double value) => High > Low ? (value - Low) / (High - Low) : double.IsNaN(value) ? value : 0.5;

    /// <summary>−m … m with m the <paramref name="quantile"/> of |value| over all maps (1: the largest); for signed maps, so that the middle colour is zero.</summary>
    public static ColourScale Symmetric(IEnumerable<Map> maps, double quantile = 1)
    {
        double[] sorted = Sorted(maps, MathF.Abs);
        double limit = sorted.Length == 0 ? 0 : sorted[Rank(sorted.Length, quantile)];
        return new(-limit, limit);
    }

    /// <summary>From the smallest to the largest finite value of all maps, or between the quantiles 1 − q and q.</summary>
    public static ColourScale Range(IEnumerable<Map> maps, double quantile = 1)
    {
        double[] sorted = Sorted(maps, v => v);
        return sorted.Length == 0 ? new(0, 0) : new(sorted[sorted.Length - 1 - Rank(sorted.Length, quantile)], sorted[Rank(sorted.Length, quantile)]);
    }

    /// <summary>The scale a colour map asks for: symmetric if it diverges, else the range.</summary>
    public static ColourScale For(ColourMap colours, IEnumerable<Map> maps, double quantile = 1)
    {
        ArgumentNullException.ThrowIfNull(colours);
        return colours.IsDiverging ? Symmetric(maps, quantile) : Range(maps, quantile);
    }

    static int Rank(int count, double quantile)
    {
        if (quantile is not (> 0.5 and <= 1)) throw new ArgumentOutOfRangeException(nameof(quantile), $"colour scale: quantile {quantile} is not in (0.5, 1]");
        return (int)Math.Ceiling(quantile * count) - 1;
    }

    static double[] Sorted(IEnumerable<Map> maps, Func<float, float> of)
    {
        ArgumentNullException.ThrowIfNull(maps);
        double[] values = [.. maps.SelectMany(m => m.Values).Where(float.IsFinite).Select(v => (double)of(v))];
        Array.Sort(values);
        return values;
    }
}
