namespace IlgpuXai.Data;

/// <summary>
/// How one hand moves this once: (x, y) → A·(x + e(x, y)), with A a scaling, slant and rotation, and e a smooth displacement, the uniform cubic B-spline over a 5×5 lattice of
/// random vectors (the elastic distortion of Simard, Steinkraus and Platt, 2003, with a spline in the place of their Gaussian filter).
/// </summary>
sealed class Warp
{
    const int Lattice = 5;
    const double ElasticUnits = 11, Cell = 100.0 / (Lattice - 3);

    readonly double[] _dx = new double[Lattice * Lattice], _dy = new double[Lattice * Lattice];
    readonly double _xx, _xy, _yx, _yy;

    public Warp(SeededRandom random)
    {
        for (int i = 0; i < Lattice * Lattice; i++) (_dx[i], _dy[i]) = (ElasticUnits * random.NextBell(), ElasticUnits * random.NextBell());
        double width = 1 + 0.16 * random.NextBell(), slant = 0.14 + 0.17 * random.NextBell();
        // A rotation with rational entries: t is the tangent of half the angle, and c² + s² = 1 up to rounding.
        double t = 0.045 * random.NextBell(), c = (1 - t * t) / (1 + t * t), s = 2 * t / (1 + t * t);
        width = Math.Max(width, 0.6);
        (_xx, _xy) = (c * width, -c * slant - s);
        (_yx, _yy) = (s * width, -s * slant + c);
    }

    public Curve.Point Apply(Curve.Point p)
    {
        // The lattice covers somewhat more than the digit: knots that jitter has carried outside use the outermost cell.
        double u = Math.Clamp((p.X + 15) / Cell, 0, Lattice - 3 - 1e-9), v = Math.Clamp(p.Y / Cell, 0, Lattice - 3 - 1e-9);
        int i = (int)u, j = (int)v;
        Span<double> wx = stackalloc double[4], wy = stackalloc double[4];
        Weights(u - i, wx);
        Weights(v - j, wy);
        double x = p.X, y = p.Y;
        for (int b = 0; b < 4; b++)
            for (int a = 0; a < 4; a++)
            {
                double w = wx[a] * wy[b];
                int k = (j + b) * Lattice + i + a;
                x += w * _dx[k];
                y += w * _dy[k];
            }
        return new(_xx * x + _xy * y, _yx * x + _yy * y);
    }

    static void Weights(double t, Span<double> w)
    {
        double r = 1 - t;
        w[0] = r * r * r / 6;
        w[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        w[2] = (3 * r * r * r - 6 * r * r + 4) / 6;
        w[3] = t * t * t / 6;
    }
}
