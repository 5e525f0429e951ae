namespace IlgpuXai.Data;

/// <summary>Element types of an IDX file; the value is the file's own code.</summary>
public enum IdxType : byte
{
    UInt8 = 0x08,
    Int8 = 0x09,
    Int16 = 0x0B,
    Int32 = 0x0C,
    Float32 = 0x0D,
    Float64 = 0x0E,
}

/// <summary>The content of an IDX file: shape, and elements in row-major order as the file holds them, big-endian.</summary>
public sealed class IdxArray
{
    readonly byte[] _bytes;

    internal IdxArray(IdxType type, int[] shape, byte[] bytes) => (Type, Shape, _bytes) = (type, shape, bytes);

    public IdxType Type { get; }
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements, the product of the shape.</summary>
    public int Length => _bytes.Length / SizeOf(Type);

    /// <summary>The elements of an unsigned byte file, not copied.</summary>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public byte[] Bytes() => Type == IdxType.UInt8 ? _bytes : throw new InvalidOperationException($"idx: the elements are {Type}, not bytes");

    /// <summary>The elements of any type as doubles; exact for every type.</summary>
    public double[] ToDoubles()
    {
        var values = new double[Length];
        int size = SizeOf(Type);
        for (int i = 0; i < values.Length; i++) values[i] = Element(_bytes.AsSpan(i * size, size));
        return values;
    }

    double Element(ReadOnlySpan<byte> b) => Type switch
    {
        IdxType.UInt8 => b[0],
        IdxType.Int8 => (sbyte)b[0],
        IdxType.Int16 => System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(b),
        IdxType.Int32 => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(b),
        IdxType.Float32 => System.Buffers.Binary.BinaryPrimitives.ReadSingleBigEndian(b),
        _ => System.Buffers.Binary.BinaryPrimitives.ReadDoubleBigEndian(b),
    };

    internal static int SizeOf(IdxType type) => type switch
    {
        IdxType.UInt8 or IdxType.Int8 => 1,
        IdxType.Int16 => 2,
        IdxType.Int32 or IdxType.Float32 => 4,
        _ => 8,
    };
}
