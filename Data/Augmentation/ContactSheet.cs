namespace IlgpuXai.Data;

/// <summary>Pictures in rows on one sheet.</summary>
public static class ContactSheet
{
    const int Gap = 4;
    const byte Paper = 255;

    /// <summary>
    /// Each row begins with an original, set apart by a wider gap, and goes on with its versions, which continue below it when there are more than <paramref name="columns"/>. Cells are as large as
    /// the largest picture; smaller ones stand in their upper left.
    /// </summary>
    /// <param name="rows">8 bits, 1 or 3 channels; at least one picture.</param>
    public static Image Of(IReadOnlyList<(Image Original, IReadOnlyList<Image> Versions)> rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var all = rows.SelectMany(r => r.Versions.Prepend(r.Original)).ToList();
        int cellWidth = all.Max(i => i.Width), cellHeight = all.Max(i => i.Height);
        int lines = rows.Sum(r => Lines(r.Versions.Count)), widest = Math.Min(columns, rows.Max(r => r.Versions.Count));
        int width = 4 * Gap + cellWidth + widest * (cellWidth + Gap), height = Gap + lines * (cellHeight + Gap);
        if (3L * width * height > ImageResize.MaxSamples) throw new ArgumentException($"contact sheet: {width}×{height} is too large a picture");
        var sheet = new byte[width * height * 3];
        Array.Fill(sheet, Paper);
        int line = 0;
        foreach (var (original, versions) in rows)
        {
            Put(original, Gap, line);
            for (int v = 0; v < versions.Count; v++) Put(versions[v], 4 * Gap + cellWidth + v % columns * (cellWidth + Gap), line + v / columns);
            line += Lines(versions.Count);
        }
        return new(width, height, 3, sheet);

        int Lines(int versions) => Math.Max(1, (versions + columns - 1) / columns);

        void Put(Image picture, int left, int row)
        {
            var rgb = picture.ToRgb();
            for (int y = 0; y < rgb.Height; y++)
                rgb.Bytes.Slice(y * rgb.Width * 3, rgb.Width * 3).CopyTo(sheet.AsSpan(((Gap + row * (cellHeight + Gap) + y) * width + left) * 3));
        }
    }
}
