using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>A horizontal band of an image: rows FromRow … ToRow, both included, counted from 0 at the top.</summary>
public sealed record Region(string Name, int FromRow, int ToRow)
{
    /// <summary>
    /// Equal bands: a row belongs to the band its centre lies in, band(r) = ⌊k·(r + ½)/height⌋ for k bands.
    /// 28 rows in thirds: 0–8, 9–18, 19–27.
    /// </summary>
    /// <exception cref="ArgumentException">More bands than rows.</exception>
    public static IReadOnlyList<Region> Rows(IReadOnlyList<string> names, int height)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count < 1 || names.Count > height) throw new ArgumentException($"regions: {names.Count} bands in an image of {height} rows");
        return [.. names.Select((name, band) =>
        {
            int[] rows = [.. Enumerable.Range(0, height).Where(r => names.Count * (2 * r + 1) / (2 * height) == band)];
            return new Region(name, rows[0], rows[^1]);
        })];
    }

    public double Mean(Map map) => map.Mean(FromRow, ToRow + 1);
}
