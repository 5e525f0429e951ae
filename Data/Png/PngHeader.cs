using System.Buffers.Binary;

namespace IlgpuXai.Data;

enum PngColour : byte { Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6 }

/// <summary>IHDR, checked.</summary>
sealed record PngHeader(int Width, int Height, int BitDepth, PngColour Colour, bool Interlaced)
{
    /// <summary>Samples per pixel as the file stores them; 1 for a palette.</summary>
    public int Channels => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.Rgba => 4, _ => 1 };

    /// <summary>Bytes of a row of so many pixels, without its filter byte.</summary>
    public long RowBytes(int width) => ((long)width * Channels * BitDepth + 7) / 8;

    /// <summary>How far back filters look for the sample of the pixel before: whole bytes, at least one.</summary>
    public int FilterStep => Math.Max(1, Channels * BitDepth / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data, string name)
    {
        if (data.Length != 13) throw new DataException(name, $"its header has {data.Length} bytes, 13 were expected");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) throw new DataException(name, $"its size {width}×{height} is not a picture's");
        int depth = data[8];
        bool known = (data[9], depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16) => true,
            _ => false,
        };
        if (!known) throw new DataException(name, $"colour type {data[9]} with {depth} bits is not PNG");
        if (data[10] != 0) throw new DataException(name, $"compression method {data[10]} is not PNG");
        if (data[11] != 0) throw new DataException(name, $"filter method {data[11]} is not PNG");
        if (data[12] > 1) throw new DataException(name, $"interlace method {data[12]} is not PNG");
        return new PngHeader((int)width, (int)height, depth, (PngColour)data[9], data[12] == 1);
    }
}
