namespace IlgpuXai.Data;

/// <summary>(x, y) ↦ (XX·x + XY·y + X, YX·x + YY·y + Y), x to the right and y down.</summary>
public readonly record struct Affine(double XX, double XY, double X, double YX, double YY, double Y)
{
    public static Affine Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>First <paramref name="inner"/>, then this.</summary>
    public Affine After(Affine inner) => new(
        XX * inner.XX + XY * inner.YX, XX * inner.XY + XY * inner.YY, XX * inner.X + XY * inner.Y + X,
        YX * inner.XX + YY * inner.YX, YX * inner.XY + YY * inner.YY, YX * inner.X + YY * inner.Y + Y);

    /// <exception cref="ArgumentException">The map has no inverse.</exception>
    public Affine Inverse()
    {
        double d = XX * YY - XY * YX;
        if (!(Math.Abs(d) > 0)) throw new ArgumentException("augmentation: the transform flattens the picture");
        return new(YY / d, -XY / d, (XY * Y - YY * X) / d, -YX / d, XX / d, (YX * X - XX * Y) / d);
    }
}
