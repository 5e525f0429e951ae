namespace ILGPU;

/// <summary>A pair of 32-bit indices or extents.</summary>
public readonly struct Index2D(int x, int y) : IEquatable<Index2D>
{
    public static Index2D Zero => new(0, 0);
    public static Index2D One => new(1, 1);

    public int X { get; } = x;
    public int Y { get; } = y;
    public bool IsFirst => X == 0 && Y == 0;
    public int Size => X * Y;
    public long LongSize => (long)X * Y;

    public Index2D Add(Index2D rhs) => this + rhs;
    public Index2D Subtract(Index2D rhs) => this - rhs;
    public bool InBounds(Index2D dimension) => X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y;

    public static Index2D operator +(Index2D first, Index2D second) => new(first.X + second.X, first.Y + second.Y);
    public static Index2D operator -(Index2D first, Index2D second) => new(first.X - second.X, first.Y - second.Y);
    public static Index2D operator *(Index2D first, Index2D second) => new(first.X * second.X, first.Y * second.Y);
    public static Index2D operator /(Index2D first, Index2D second) => new(first.X / second.X, first.Y / second.Y);
    public static bool operator ==(Index2D first, Index2D second) => first.Equals(second);
    public static bool operator !=(Index2D first, Index2D second) => !first.Equals(second);

    public static implicit operator Index2D((int X, int Y) value) => new(value.X, value.Y);

    public bool Equals(Index2D other) => X == other.X && Y == other.Y;
    public override bool Equals(object? obj) => obj is Index2D other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(X, Y);
    public override string ToString() => $"({X}, {Y})";
}
