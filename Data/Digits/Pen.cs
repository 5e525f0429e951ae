namespace IlgpuXai.Data;

/// <summary>
/// Draws polylines with a round pen of slowly changing radius. A pixel's ink depends on its distance d to the nearest part of the line: radius − d, the signed distance to
/// the edge of the ink, kept as the largest over all segments.
/// </summary>
sealed class Pen(int size)
{
    readonly double[] _inside = new double[size * size];

    /// <summary>How far from the line ink can reach beyond the radius.</summary>
    public const double Blur = 0.6;

    public void Clear() => Array.Fill(_inside, double.NegativeInfinity);

    /// <summary>One segment from a, radius ra, to b, radius rb, in pixels; pixel (column, row) has its centre at (column + ½, row + ½).</summary>
    public void Segment(Curve.Point a, double ra, Curve.Point b, double rb)
    {
        double reach = Math.Max(ra, rb) + Blur, dx = b.X - a.X, dy = b.Y - a.Y, length2 = dx * dx + dy * dy;
        int left = Edge(Math.Min(a.X, b.X) - reach - 0.5), right = Edge(Math.Max(a.X, b.X) + reach + 0.5);
        int top = Edge(Math.Min(a.Y, b.Y) - reach - 0.5), bottom = Edge(Math.Max(a.Y, b.Y) + reach + 0.5);
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
            {
                double px = column + 0.5 - a.X, py = row + 0.5 - a.Y;
                double t = length2 > 0 ? Math.Clamp((px * dx + py * dy) / length2, 0, 1) : 0;
                double ex = px - t * dx, ey = py - t * dy;
                double inside = ra + (rb - ra) * t - Math.Sqrt(ex * ex + ey * ey);
                ref double pixel = ref _inside[row * size + column];
                if (inside > pixel) pixel = inside;
            }
    }

    /// <summary>Ink in [0, 1]: 0 outside, 1 inside, a straight ramp 2·<see cref="Blur"/> wide across the edge.</summary>
    public double Ink(int row, int column) => Math.Clamp((_inside[row * size + column] + Blur) / (2 * Blur), 0, 1);

    int Edge(double x) => (int)Math.Clamp(x + 1, 0, size);
}
