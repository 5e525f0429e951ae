namespace ILGPU;

/// <summary>A triple of 32-bit indices or extents.</summary>
public readonly struct Index3D(int x, int y, int z) : IEquatable<Index3D>
{
    public static Index3D Zero => new(0, 0, 0);
    public static Index3D One => new(1, 1, 1);

    public int X { get; } = x;
    public int Y { get; } = y;
    public int Z { get; } = z;
    public bool IsFirst => X == 0 && Y == 0 && Z == 0;
    public int Size => X * Y * Z;
    public long LongSize => (long)X * Y * Z;

    public Index3D Add(Index3D rhs) => this + rhs;
    public Index3D Subtract(Index3D rhs) => this - rhs;
    public bool InBounds(Index3D dimension) => X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y && Z >= 0 && Z < dimension.Z;

    public static Index3D operator +(Index3D first, Index3D second) => new(first.X + second.X, first.Y + second.Y, first.Z + second.Z);
    public static Index3D operator -(Index3D first, Index3D second) => new(first.X - second.X, first.Y - second.Y, first.Z - second.Z);
    public static Index3D operator *(Index3D first, Index3D second) => new(first.X * second.X, first.Y * second.Y, first.Z * second.Z);
    public static Index3D operator /(Index3D first, Index3D second) => new(first.X / second.X, first.Y / second.Y, first.Z / second.Z);
    public static bool operator ==(Index3D first, Index3D second) => first.Equals(second);
    public static bool operator !=(Index3D first, Index3D second) => !first.Equals(second);

    public static implicit operator Index3D((int X, int Y, int Z) value) => new(value.X, value.Y, value.Z);

    public bool Equals(Index3D other) => X == other.X && Y == other.Y && Z == other.Z;
    public override bool Equals(object? obj) => obj is Index3D other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(X, Y, Z);
    public override string ToString() => $"({X}, {Y}, {Z})";
}
