using System.Buffers.Binary;
using IlgpuXai.Data;

namespace IlgpuXai.Tests.Fuzz;

static class PictureReaders
{
    // What a decoder inflates or unfolds is bounded by its input: deflate makes 1032 bytes of one, a JPEG block of one bit 64 samples of several kinds.
    static long Memory(long length) => (4 << 20) + 4096 * length;

    public static IEnumerable<FuzzedReader> All()
    {
        byte[][] png = Suite("png-suite.zip"), bitmaps = Suite("bitmap-suite.zip"), jpeg = Suite("jpeg-suite.zip");
        yield return new("png", png, (bytes, name) => PngFile.Decode(bytes, name)) { Memory = Memory };
        yield return new("png with right checksums", png, (bytes, name) => PngFile.Decode(bytes, name)) { Memory = Memory, Repair = WithChecksums };
        yield return new("jpeg", jpeg, (bytes, name) => JpegFile.Decode(bytes, name)) { Memory = Memory };
        yield return new("bmp", [.. bitmaps.Where(b => b[0] == 'B')], (bytes, name) => BmpFile.Decode(bytes, name)) { Memory = Memory };
        yield return new("pnm", [.. bitmaps.Where(b => b[0] == 'P')], (bytes, name) => PnmFile.Decode(bytes, name)) { Memory = Memory };
        yield return new("picture", [png[0], jpeg[0], bitmaps[0], bitmaps[^1]], (bytes, name) => ImageFile.Decode(bytes, name)) { Memory = Memory };
    }

    static byte[][] Suite(string zip) => [.. DataGoldens.Names(zip).Where(n => !n.StartsWith("refused", StringComparison.Ordinal)).Select(name => DataGoldens.Entry(zip, name))];

    /// <summary>Every chunk that is still a chunk gets the checksum of what it holds now.</summary>
    static byte[] WithChecksums(byte[] png)
    {
        for (int at = 8; at + 12 <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12) break;
            int body = 4 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 4 + body), Crc(png.AsSpan(at + 4, body)));
            at += 8 + body;
        }
        return png;
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;                                    // bit by bit, from the definition
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
