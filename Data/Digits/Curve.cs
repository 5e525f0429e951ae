namespace IlgpuXai.Data;

/// <summary>Smooth curves through the knots of a stroke.</summary>
static class Curve
{
    public readonly record struct Point(double X, double Y);

    const int PointsPerSpan = 7;

    /// <summary>Pieces between corners, each a centripetal Catmull–Rom curve (Yuksel, Schaefer and Keyser, 2011: no cusps, no loops of its own), as one polyline.</summary>
    public static List<Point> Through(IReadOnlyList<Glyph.Knot> knots)
    {
        var line = new List<Point> { new(knots[0].X, knots[0].Y) };
        for (int from = 0; from < knots.Count - 1;)
        {
            int to = from + 1;
            while (to < knots.Count - 1 && !knots[to].Corner) to++;
            for (int i = from; i < to; i++)
            {
                Point p1 = At(knots, i), p2 = At(knots, i + 1);
                // Beyond an end the curve is continued as a reflection, so that it starts along its first span.
                Point p0 = i > from ? At(knots, i - 1) : new(2 * p1.X - p2.X, 2 * p1.Y - p2.Y);
                Point p3 = i + 1 < to ? At(knots, i + 2) : new(2 * p2.X - p1.X, 2 * p2.Y - p1.Y);
                Span(p0, p1, p2, p3, line);
            }
            from = to;
        }
        return line;
    }

    static Point At(IReadOnlyList<Glyph.Knot> knots, int i) => new(knots[i].X, knots[i].Y);

    // Barry and Goldman's pyramid between p1 and p2, without p1 itself.
    static void Span(Point p0, Point p1, Point p2, Point p3, List<Point> line)
    {
        double t1 = Interval(p0, p1), t2 = t1 + Interval(p1, p2), t3 = t2 + Interval(p2, p3);
        for (int k = 1; k <= PointsPerSpan; k++)
        {
            double t = t1 + (t2 - t1) * k / PointsPerSpan;
            Point a1 = Mix(p0, p1, t / t1), a2 = Mix(p1, p2, (t - t1) / (t2 - t1)), a3 = Mix(p2, p3, (t - t2) / (t3 - t2));
            Point b1 = Mix(a1, a2, t / t2), b2 = Mix(a2, a3, (t - t1) / (t3 - t1));
            line.Add(Mix(b1, b2, (t - t1) / (t2 - t1)));
        }
    }

    static Point Mix(Point a, Point b, double t) => new(a.X + (b.X - a.X) * t, a.Y + (b.Y - a.Y) * t);

    // The square root of the distance; at least a hundredth of a unit, so that knots which jitter laid on each other do not divide by zero.
    static double Interval(Point a, Point b)
    {
        double dx = a.X - b.X, dy = a.Y - b.Y;
        return Math.Max(Math.Sqrt(Math.Sqrt(dx * dx + dy * dy)), 0.01);
    }
}
