using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace IlgpuXai.Engine;

/// <summary>A file inside a zip archive: stored as it is, where it can be read in place, or deflated.</summary>
sealed record ZipEntry(string Name, ReadOnlyMemory<byte> Packed, bool Deflated, long Length)
{
    /// <exception cref="FormatException">It does not have the length it claims.</exception>
    public ReadOnlyMemory<byte> Unpack()
    {
        if (!Deflated) return Packed;
        var bytes = new byte[Length];
        using var from = new DeflateStream(new MemoryStream(Packed.ToArray()), CompressionMode.Decompress);
        if (from.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || from.ReadByte() >= 0) throw new FormatException($"its entry {Name} does not have the length it claims");
        return bytes;
    }
}

/// <summary>The directory at the end of a zip archive (PKWARE's APPNOTE 4.3, with its 64-bit fields).</summary>
/// <remarks>
/// Read here and not by <see cref="ZipArchive"/>, which does not say where an entry lies: weights are stored without compression so that they can be read in place.
/// Checksums are not looked at: PyTorch can be asked to leave them out.
/// </remarks>
static class ZipDirectory
{
    const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50, End = 0x06054b50, End64 = 0x06064b50, Locator64 = 0x07064b50, In64 = uint.MaxValue;
    const int EndBytes = 22, LongestComment = ushort.MaxValue, CentralBytes = 46, LocalBytes = 30, LocatorBytes = 20, End64Bytes = 56, Expanded = 1;
    const ushort Stored = 0, Deflate = 8;

    /// <exception cref="FormatException">It is damaged, encrypted, in parts, or compressed in a way that is not read.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(MappedFile file)
    {
        var (count, begin, length) = Find(file);
        var directory = file.Span(begin, length);
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            if (directory.Length < CentralBytes || U32(directory) != CentralHeader) throw new FormatException($"is a damaged zip archive: entry {i + 1} of {count} is missing from its directory");
            int name = U16(directory, 28), extra = U16(directory, 30), comment = U16(directory, 32);
            if (directory.Length < CentralBytes + name + extra + comment) throw new FormatException("is a damaged zip archive: its directory is cut off");
            var entry = Entry(file, directory, Encoding.UTF8.GetString(directory.Slice(CentralBytes, name)), directory.Slice(CentralBytes + name, extra));
            if (!entries.TryAdd(entry.Name, entry)) throw new FormatException($"its entry {entry.Name} stands twice");
            directory = directory[(CentralBytes + name + extra + comment)..];
        }
        return entries;
    }

    static (long Count, long Begin, long Length) Find(MappedFile file)
    {
        long tailLength = Math.Min(file.Length, EndBytes + LongestComment), tailBegin = file.Length - tailLength;
        var tail = file.Span(tailBegin, tailLength);
        int at = tail.Length - EndBytes;
        while (at >= 0 && U32(tail, at) != End) at--;
        if (at < 0) throw new FormatException("is a truncated zip archive: its directory is missing");
        (long count, long length, long begin) = (U16(tail, at + 10), U32(tail, at + 12), U32(tail, at + 16));
        if (count != ushort.MaxValue && length != In64 && begin != In64) return (count, begin, length);

        long locator = tailBegin + at - LocatorBytes;
        if (locator < 0 || U32(file.Span(locator, LocatorBytes)) != Locator64) return (count, begin, length);
        var end = file.Span(I64(file.Span(locator, LocatorBytes), 8), End64Bytes);
        if (U32(end) != End64) throw new FormatException("is a damaged zip archive: the 64-bit end of its directory is missing");
        return (I64(end, 32), I64(end, 48), I64(end, 40));
    }

    static ZipEntry Entry(MappedFile file, ReadOnlySpan<byte> central, string name, ReadOnlySpan<byte> extra)
    {
        int method = U16(central, 10);
        long packed = U32(central, 20), length = U32(central, 24), begin = U32(central, 42);
        if ((U16(central, 8) & 1) != 0) throw new FormatException($"its entry {name} is encrypted");
        if (method is not (Stored or Deflate)) throw new FormatException($"its entry {name} is compressed by method {method}, which is not read");
        if (length == In64 || packed == In64 || begin == In64)
        {
            var fields = Fields64(extra, name);
            if (length == In64) length = Take(ref fields, name);
            if (packed == In64) packed = Take(ref fields, name);
            if (begin == In64) begin = Take(ref fields, name);
        }
        var local = file.Span(begin, LocalBytes);
        if (U32(local) != LocalHeader) throw new FormatException($"is a damaged zip archive: its entry {name} is not where the directory says");
        if (method == Stored && packed != length) throw new FormatException($"is a damaged zip archive: its entry {name} takes {packed} bytes for {length}");
        // Deflate cannot do better than 258 bytes for about 2 bits: what claims more is refused before memory is taken for it.
        if (method == Deflate && (length > Array.MaxLength || length / 1032 > packed)) throw new FormatException($"its entry {name} claims {length} bytes from {packed}, more than that can hold");
        return new(name, file.Memory(begin + LocalBytes + U16(local, 26) + U16(local, 28), packed), method == Deflate, length);
    }

    static ReadOnlySpan<byte> Fields64(ReadOnlySpan<byte> extra, string name)
    {
        while (extra.Length >= 4)
        {
            int size = U16(extra, 2);
            if (size > extra.Length - 4) break;
            if (U16(extra) == Expanded) return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }
        throw new FormatException($"is a damaged zip archive: the 64-bit sizes of its entry {name} are missing");
    }

    static long Take(ref ReadOnlySpan<byte> fields, string name)
    {
        if (fields.Length < 8) throw new FormatException($"is a damaged zip archive: the 64-bit sizes of its entry {name} are missing");
        long value = I64(fields);
        if (value < 0) throw new FormatException($"is a damaged zip archive: a size of its entry {name} is {value}");
        fields = fields[8..];
        return value;
    }

    static ushort U16(ReadOnlySpan<byte> bytes, int at = 0) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    static uint U32(ReadOnlySpan<byte> bytes, int at = 0) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    static long I64(ReadOnlySpan<byte> bytes, int at = 0) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
