using System.Buffers.Binary;
using System.Text;

namespace IlgpuXai.Data;

/// <summary>What a PNG file holds that the decoder needs, collected from its chunks; order, checksums and lengths are checked on the way.</summary>
sealed class PngChunks
{
    PngChunks(PngHeader header) => Header = header;

    public PngHeader Header { get; }

    /// <summary>Red, green, blue of every entry; null without PLTE.</summary>
    public byte[]? Palette { get; private set; }

    /// <summary>The content of tRNS; null without.</summary>
    public byte[]? Transparency { get; private set; }

    /// <summary>The IDAT chunks, joined: one zlib stream.</summary>
    public byte[] Compressed { get; private set; } = [];

    public static PngChunks Parse(ReadOnlySpan<byte> png, string name)
    {
        if (!png.StartsWith(PngFile.Start)) throw new DataException(name, png.Length < 8 && PngFile.Start.StartsWith(png) ? "is truncated: it ends within the PNG signature" : "is not a PNG file");
        ReadOnlySpan<byte> rest = png[8..];
        string kind = Next(ref rest, name, out ReadOnlySpan<byte> data);
        if (kind != "IHDR") throw new DataException(name, $"starts with the chunk {kind}, IHDR was expected");
        var chunks = new PngChunks(PngHeader.Parse(data, name));
        using var compressed = new MemoryStream();
        bool ended = false;                                          // the run of IDAT chunks
        while ((kind = Next(ref rest, name, out data)) != "IEND")
        {
            if (kind != "IDAT") ended = compressed.Length > 0;
            switch (kind)
            {
                case "IDAT" when ended: throw new DataException(name, "its IDAT chunks do not follow each other");
                case "IDAT": compressed.Write(data); break;
                case "IHDR": throw new DataException(name, "has a second IHDR chunk");
                case "PLTE": chunks.AddPalette(data, name); break;
                case "tRNS": chunks.AddTransparency(data, name); break;
                // The fifth bit of the first letter: an ancillary chunk may be passed over, a critical one changes what the picture is.
                default:
                    if (char.IsAsciiLetterUpper(kind[0])) throw new DataException(name, $"has a critical chunk {kind} that this program does not know");
                    break;
            }
        }
        chunks.Compressed = compressed.ToArray();
        if (chunks.Compressed.Length == 0) throw new DataException(name, "has no image data");
        if (chunks.Header.Colour == PngColour.Palette && chunks.Palette is null) throw new DataException(name, "has no palette, its colour type needs one");
        return chunks;
    }

    static string Next(ref ReadOnlySpan<byte> rest, string name, out ReadOnlySpan<byte> data)
    {
        if (rest.Length < 12) throw new DataException(name, "is truncated: it ends before its IEND chunk");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        ReadOnlySpan<byte> letters = rest.Slice(4, 4);
        foreach (byte b in letters)
            if (!char.IsAsciiLetter((char)b)) throw new DataException(name, $"is damaged: {Convert.ToHexString(letters)} is not a chunk's name");
        string kind = Encoding.ASCII.GetString(letters);
        if (length > rest.Length - 12) throw new DataException(name, $"is truncated: its chunk {kind} of {length} bytes is cut");
        data = rest.Slice(8, (int)length);
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        if (Crc32.Of(rest.Slice(4, 4 + (int)length)) != stored) throw new DataException(name, $"is damaged: the checksum of its chunk {kind} is wrong");
        rest = rest[(12 + (int)length)..];
        return kind;
    }

    void AddPalette(ReadOnlySpan<byte> data, string name)
    {
        if (Palette is not null) throw new DataException(name, "has a second palette");
        if (data.Length == 0 || data.Length % 3 != 0 || data.Length > 768) throw new DataException(name, $"its palette has {data.Length} bytes, 3 to 768 in steps of 3 were expected");
        if (Header.Colour == PngColour.Palette && data.Length / 3 > 1 << Header.BitDepth)
            throw new DataException(name, $"its palette has {data.Length / 3} colours, {Header.BitDepth} bits address {1 << Header.BitDepth}");
        Palette = data.ToArray();
    }

    void AddTransparency(ReadOnlySpan<byte> data, string name)
    {
        if (Transparency is not null) throw new DataException(name, "has a second tRNS chunk");
        bool fits = Header.Colour switch
        {
            PngColour.Grey => data.Length == 2,
            PngColour.Rgb => data.Length == 6,
            PngColour.Palette => Palette is not null && data.Length <= Palette.Length / 3,
            _ => false,
        };
        if (!fits) throw new DataException(name, $"a tRNS chunk of {data.Length} bytes does not fit its colour type {(int)Header.Colour}");
        Transparency = data.ToArray();
    }
}
