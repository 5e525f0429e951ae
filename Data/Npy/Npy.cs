using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace IlgpuXai.Data;

/// <summary>
/// NumPy's <c>.npy</c> files (NumPy enhancement proposal 1). Reading: versions 1.0, 2.0 and 3.0, either byte order, C and Fortran order (returned row-major). Writing: version 1.0,
/// little-endian, C order, byte for byte what NumPy writes.
/// </summary>
public static class Npy
{
    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    const int LongestHeader = 1 << 20;

    /// <exception cref="DataException">Missing, unreadable, truncated, followed by extra bytes, or with elements that are not numbers.</exception>
    public static NpyArray Read(string path) => DataException.Reading(path, stream => Parse(path, stream, stream.Length));

    /// <summary>Written whole or not at all: <see cref="AtomicFile"/>.</summary>
    public static void Write(string path, NpyArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes a float map or stack of maps.</summary>
    public static void Write(string path, float[] values, params ReadOnlySpan<int> shape) => Write(path, new NpyArray(values, shape));

    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        NpyType type = NpyType.Of(array.Values)!;
        string header = new NpyHeader(type, BigEndian: false, FortranOrder: false, [.. array.Shape]).ToString();
        // Blanks and a line end bring the data to a multiple of 64 bytes; NumPy adds a whole 64 where none would do.
        int padding = 64 - (10 + header.Length + 1) % 64;
        byte[] text = Encoding.ASCII.GetBytes(header + new string(' ', padding) + "\n");
        if (text.Length > ushort.MaxValue) throw new ArgumentException($"npy: a shape of {array.Shape.Count} sizes does not fit the header");
        stream.Write(Magic);
        stream.Write([1, 0, (byte)text.Length, (byte)(text.Length >> 8)]);
        stream.Write(text);
        if (BitConverter.IsLittleEndian) stream.Write(Bytes(array.Values));
        else
        {
            byte[] swapped = Bytes(array.Values).ToArray();
            Swap(swapped, type.Size);
            stream.Write(swapped);
        }
    }

    /// <param name="name">What errors call it.</param>
    /// <param name="stream">From the magic string on, to its end.</param>
    /// <param name="atMost">Bytes the stream can hold, so that a header cannot ask for more memory than there is data.</param>
    internal static NpyArray Parse(string name, Stream stream, long atMost)
    {
        Span<byte> start = stackalloc byte[8], length = stackalloc byte[4];
        Fill(name, stream, start, "its magic string");
        if (!start.StartsWith(Magic)) throw new DataException(name, "is not a .npy file");
        int version = start[6];
        if (version is < 1 or > 3 || start[7] != 0) throw new DataException(name, $"has the .npy version {version}.{start[7]}, known are 1.0, 2.0 and 3.0");
        length.Clear();
        Fill(name, stream, length[..(version == 1 ? 2 : 4)], "the length of its header");
        uint headerLength = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (headerLength > LongestHeader) throw new DataException(name, $"is damaged: its header claims {headerLength} bytes");
        var text = new byte[headerLength];
        Fill(name, stream, text, "its header");

        NpyHeader header;
        try { header = NpyHeader.Parse((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text)); }
        catch (FormatException e) { throw new DataException(name, $"its header is not understood: {e.Message}", e); }

        long count = 1;
        foreach (int size in header.Shape) count = size == 0 || count <= long.MaxValue / size ? count * size : long.MaxValue;
        string claim = $"({string.Join(", ", header.Shape)}) elements of {header.Type.Size} bytes";
        if (count > atMost / header.Type.Size) throw new DataException(name, $"is truncated: it should hold {claim}, more than it can");
        if (count > Array.MaxLength) throw new DataException(name, $"holds {claim}, more than this program can hold");

        Array values = Array.CreateInstance(header.Type.Element, (int)count);
        Span<byte> bytes = Bytes(values);
        Fill(name, stream, bytes, claim);
        if (stream.ReadByte() >= 0) throw new DataException(name, $"has extra bytes after its {claim}");
        if (header.BigEndian == BitConverter.IsLittleEndian) Swap(bytes, header.Type.Size);
        if (values is bool[])
            foreach (ref byte b in bytes) b = b == 0 ? (byte)0 : (byte)1;
        if (header.FortranOrder && header.Shape.Length > 1) ToRowMajor(bytes, header.Shape, header.Type.Size);
        return new NpyArray(values, header.Shape);
    }

    static Span<byte> Bytes(Array values) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(values), values.Length * NpyType.Of(values)!.Size);

    static void Swap(Span<byte> bytes, int size)
    {
        if (size == 1) return;
        for (int i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
    }

    // In Fortran order the first index runs fastest.
    static void ToRowMajor(Span<byte> bytes, int[] shape, int size)
    {
        byte[] source = bytes.ToArray();
        var index = new int[shape.Length];
        for (int to = 0; to < bytes.Length; to += size)
        {
            int from = 0;
            for (int d = shape.Length - 1; d >= 0; d--) from = from * shape[d] + index[d];
            source.AsSpan(from * size, size).CopyTo(bytes[to..]);
            for (int d = shape.Length - 1; d >= 0 && ++index[d] == shape[d]; d--) index[d] = 0;
        }
    }

    static void Fill(string name, Stream stream, Span<byte> to, string what)
    {
        int got = stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
        if (got < to.Length) throw new DataException(name, $"is truncated: it ends {to.Length - got} bytes short of {what}");
    }
}
