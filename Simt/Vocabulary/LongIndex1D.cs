namespace ILGPU;

/// <summary>A 64-bit index or extent; converts to and from <see cref="long"/> by itself.</summary>
public readonly struct LongIndex1D(long x) : IEquatable<LongIndex1D>
{
    public static LongIndex1D Invalid => new(-1);
    public static LongIndex1D Zero => new(0);
    public static LongIndex1D One => new(1);

    public long X { get; } = x;
    public bool IsFirst => X == 0;
    public long Size => X;

    public LongIndex1D Add(LongIndex1D rhs) => new(X + rhs.X);
    public LongIndex1D Subtract(LongIndex1D rhs) => new(X - rhs.X);
    public Index1D ToIntIndex() => new((int)X);
    public bool InBounds(LongIndex1D dimension) => X >= 0 && X < dimension.X;

    public static LongIndex1D Min(LongIndex1D first, LongIndex1D second) => new(Math.Min(first.X, second.X));
    public static LongIndex1D Max(LongIndex1D first, LongIndex1D second) => new(Math.Max(first.X, second.X));

    public static LongIndex1D operator +(LongIndex1D first, LongIndex1D second) => new(first.X + second.X);
    public static LongIndex1D operator -(LongIndex1D first, LongIndex1D second) => new(first.X - second.X);
    public static LongIndex1D operator *(LongIndex1D first, LongIndex1D second) => new(first.X * second.X);
    public static LongIndex1D operator /(LongIndex1D first, LongIndex1D second) => new(first.X / second.X);
    public static bool operator ==(LongIndex1D first, LongIndex1D second) => first.X == second.X;
    public static bool operator !=(LongIndex1D first, LongIndex1D second) => first.X != second.X;

    public static implicit operator long(LongIndex1D idx) => idx.X;
    public static implicit operator LongIndex1D(long idx) => new(idx);
    public static explicit operator Index1D(LongIndex1D index) => index.ToIntIndex();

    public bool Equals(LongIndex1D other) => X == other.X;
    public override bool Equals(object? obj) => obj is LongIndex1D other && Equals(other);
    public override int GetHashCode() => X.GetHashCode();
    public override string ToString() => X.ToString();
}
