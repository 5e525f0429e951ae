namespace IlgpuXai.Data;

/// <summary>
/// Handwriting-like digits 0–9, 28×28, white on black, for machines without a data set. A digit is a skeleton of strokes (<see cref="GlyphTable"/>) whose knots are jittered,
/// joined by smooth curves, warped (<see cref="Warp"/>) and drawn with a round pen; then MNIST's conventions: the ink fills a box whose longer side is 20 pixels, and its
/// centre of mass is brought to the middle of the image by whole pixels.
/// <para>
/// The same seed gives the same bytes on every machine. All randomness is <see cref="SeededRandom"/>; all arithmetic is +, −, ×, ÷, √, comparison and truncation of doubles, which
/// IEEE 754 defines to the last bit and .NET neither reorders nor fuses. No sine, exponential or power is taken: their last bits differ between C libraries.
/// </para>
/// </summary>
public static class GeneratedDigits
{
    public const int Size = 28;
    const int Box = 20;

    /// <summary>
    /// <paramref name="count"/> images [count, 1, 28, 28]; image i shows the digit i mod 10, so every count is balanced to within one. Image i depends on seed, split and i only:
    /// a longer set begins with the shorter one.
    /// </summary>
    /// <param name="count">Number of images, 0 allowed.</param>
    /// <param name="seed">Any value.</param>
    /// <param name="split">The two splits of one seed share no random number.</param>
    public static ImageSet Create(int count, ulong seed, Split split)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var pixels = new byte[(long)count * Size * Size];
        var labels = new int[count];
        var pen = new Pen(Size);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % 10;
            Draw(labels[i], new SeededRandom(seed, (ulong)split, (ulong)i), pen, pixels.AsSpan(i * Size * Size, Size * Size));
        }
        return new ImageSet(pixels, 1, Size, Size, labels, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    static void Draw(int digit, SeededRandom random, Pen pen, Span<byte> image)
    {
        List<List<Curve.Point>> lines = Write(digit, random);
        List<double[]> radii = Press(lines, random);
        Fit(lines, radii);
        pen.Clear();
        for (int s = 0; s < lines.Count; s++)
            for (int k = 1; k < lines[s].Count; k++)
                pen.Segment(lines[s][k - 1], radii[s][k - 1], lines[s][k], radii[s][k]);
        Centre(pen, 255 * random.Between(0.92, 1.05), image);
    }

    static List<List<Curve.Point>> Write(int digit, SeededRandom random)
    {
        IReadOnlyList<Glyph> ways = GlyphTable.Digits[digit];
        Glyph glyph = ways[random.Below(ways.Count)];
        double jitter = random.Between(1, 4);
        var warp = new Warp(random);
        var lines = new List<List<Curve.Point>>();
        foreach (IReadOnlyList<Glyph.Knot> stroke in glyph.Strokes)
        {
            var moved = new Glyph.Knot[stroke.Count];
            for (int i = 0; i < moved.Length; i++)
                moved[i] = stroke[i] with { X = stroke[i].X + jitter * random.NextBell(), Y = stroke[i].Y + jitter * random.NextBell() };
            lines.Add(Curve.Through(moved).ConvertAll(warp.Apply));
        }
        return lines;
    }

    /// <summary>The radius of the ink, in pixels, at every point: the pressure of the hand fades or grows along a stroke, and its middle may swell.</summary>
    static List<double[]> Press(List<List<Curve.Point>> lines, SeededRandom random)
    {
        double radius = Math.Clamp(1.25 + 0.32 * random.NextBell(), 0.8, 2.1), fade = 0.1 * random.NextBell(), swell = 0.15 * random.NextBell();
        return lines.ConvertAll(line =>
        {
            var radii = new double[line.Count];
            for (int k = 0; k < radii.Length; k++)
            {
                double u = (double)k / (radii.Length - 1);
                radii[k] = radius * (1 + fade * (1 - 2 * u) + swell * (4 * u * (1 - u) - 0.67));
            }
            return radii;
        });
    }

    /// <summary>Scales and moves the lines so that their ink fills MNIST's box in the middle of the image.</summary>
    static void Fit(List<List<Curve.Point>> lines, List<double[]> radii)
    {
        (double left, double right, double top, double bottom) = Bounds(lines, radii, inkPerUnit: 0);
        double length = Math.Max(right - left, bottom - top), scale = (Box - 2 * radii[0][0]) / length;
        // The ink's width does not scale with the line, so the scale that fills the box is found by correction; each step leaves a small part of the error.
        for (int step = 0; step < 3; step++)
        {
            (left, right, top, bottom) = Bounds(lines, radii, 1 / scale);
            scale += (Box - scale * Math.Max(right - left, bottom - top)) / length;
        }
        double cx = (left + right) / 2, cy = (top + bottom) / 2;
        foreach (List<Curve.Point> line in lines)
            for (int k = 0; k < line.Count; k++)
                line[k] = new(Size / 2 + scale * (line[k].X - cx), Size / 2 + scale * (line[k].Y - cy));
    }

    static (double Left, double Right, double Top, double Bottom) Bounds(List<List<Curve.Point>> lines, List<double[]> radii, double inkPerUnit)
    {
        double left = double.PositiveInfinity, right = double.NegativeInfinity, top = left, bottom = right;
        for (int s = 0; s < lines.Count; s++)
            for (int k = 0; k < lines[s].Count; k++)
            {
                (double x, double y) = lines[s][k];
                double r = inkPerUnit * radii[s][k];
                (left, right) = (Math.Min(left, x - r), Math.Max(right, x + r));
                (top, bottom) = (Math.Min(top, y - r), Math.Max(bottom, y + r));
            }
        return (left, right, top, bottom);
    }

    /// <summary>Copies the ink into the image so that its centre of mass falls on the middle, to the nearest pixel.</summary>
    static void Centre(Pen pen, double brightness, Span<byte> image)
    {
        double mass = 0, mx = 0, my = 0;
        for (int row = 0; row < Size; row++)
            for (int column = 0; column < Size; column++)
            {
                double ink = pen.Ink(row, column);
                mass += ink;
                mx += ink * (column + 0.5);
                my += ink * (row + 0.5);
            }
        int right = (int)Math.Floor(Size / 2 - mx / mass + 0.5), down = (int)Math.Floor(Size / 2 - my / mass + 0.5);
        for (int row = 0; row < Size; row++)
            for (int column = 0; column < Size; column++)
            {
                int r = row - down, c = column - right;
                if ((uint)r < Size && (uint)c < Size) image[row * Size + column] = (byte)Math.Min(255, brightness * pen.Ink(r, c) + 0.5);
            }
    }
}
