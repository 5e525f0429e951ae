using System.Buffers.Binary;
using System.IO.Compression;

namespace IlgpuXai.Data;

/// <summary>
/// IDX as MNIST's page defines it: bytes 0 0 type rank, then rank big-endian 32-bit sizes, then the elements, big-endian, nothing after them. Raw or gzip is told by the
/// content, not the name. A gzip file holds one member, as gzip writes it.
/// </summary>
public static class IdxFile
{
    // Deflate cannot do better than 258 bytes for about 2 bits: a header that claims more than the file can hold is refused before memory is taken for it.
    const long MostDeflateCanExpand = 1032;

    /// <exception cref="DataException">Missing, unreadable, truncated, followed by extra bytes, or not IDX.</exception>
    public static IdxArray Read(string path) => DataException.Reading(path, file =>
    {
        Span<byte> start = stackalloc byte[2];
        bool gzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
        file.Position = 0;
        if (!gzip) return Parse(path, file, file.Length);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        IdxArray array = Parse(path, unzipped, file.Length * MostDeflateCanExpand);
        CheckTrailer(path, file, 4 + 4 * array.Shape.Count + (long)array.Length * IdxArray.SizeOf(array.Type));
        return array;
    });

    // GZipStream does not miss a checksum that has been cut off. The last four bytes are the length modulo 2³² (RFC 1952); a cut leaves others there.
    static void CheckTrailer(string path, Stream file, long unzippedLength)
    {
        Span<byte> length = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(length) != (uint)unzippedLength) throw new DataException(path, "is truncated: the end of its gzip stream is missing");
    }

    static IdxArray Parse(string path, Stream stream, long atMost)
    {
        Span<byte> word = stackalloc byte[4];
        Fill(path, stream, word, "its magic number");
        if (word[0] != 0 || word[1] != 0)
            throw new DataException(path, $"is not an IDX file: it starts with {Convert.ToHexString(word)}, the first two bytes should be zero");
        var type = (IdxType)word[2];
        if (!Enum.IsDefined(type)) throw new DataException(path, $"is not an IDX file: its magic number {Convert.ToHexString(word)} names no element type");
        int rank = word[3];
        if (rank == 0) throw new DataException(path, $"is not an IDX file: its magic number {Convert.ToHexString(word)} says 0 dimensions");

        var shape = new int[rank];
        long bytes = IdxArray.SizeOf(type);
        for (int d = 0; d < rank; d++)
        {
            Fill(path, stream, word, "its sizes");
            uint size = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (size > int.MaxValue) throw new DataException(path, $"dimension {d} is {size}, more than this program can hold");
            shape[d] = (int)size;
            bytes = size == 0 || bytes <= long.MaxValue / size ? bytes * size : long.MaxValue;
        }
        string claim = $"{string.Join('×', shape)} elements of {IdxArray.SizeOf(type)} bytes";
        if (bytes > atMost) throw new DataException(path, $"is truncated: it should hold {claim}, more than it can");
        if (bytes > Array.MaxLength) throw new DataException(path, $"holds {claim}, more than this program can hold");

        var content = new byte[bytes];
        Fill(path, stream, content, claim);
        if (stream.ReadByte() >= 0) throw new DataException(path, $"has extra bytes after its {claim}");
        return new IdxArray(type, shape, content);
    }

    static void Fill(string path, Stream stream, Span<byte> to, string what)
    {
        int got = stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
        if (got < to.Length) throw new DataException(path, $"is truncated: it ends {to.Length - got} bytes short of {what}");
    }
}
