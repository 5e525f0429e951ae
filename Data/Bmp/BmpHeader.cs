using System.Buffers.Binary;

namespace IlgpuXai.Data;

enum BmpCompression : uint { None = 0, Runs8 = 1, Runs4 = 2, BitFields = 3, AlphaBitFields = 6 }

readonly record struct BmpColour(byte Red, byte Green, byte Blue);

/// <summary>The headers of a BMP file, checked. Masks are red, green, blue, alpha, where pixels have 16 or 32 bits.</summary>
sealed record BmpHeader(int Width, int Height, bool TopDown, int Bits, BmpCompression Compression, int PixelsAt)
{
    // Windows 2.x, 3.x, with masks, with an alpha mask, 4, 5.
    static readonly int[] s_sizes = [12, 40, 52, 56, 108, 124];

    const int FileHeader = 14;

    /// <summary>Null for 16 bits and more.</summary>
    public BmpColour[]? Palette { get; private init; }
    public uint[] Masks { get; private init; } = [];

    /// <summary>Rows begin at multiples of four bytes.</summary>
    public long RowBytes => ((long)Width * Bits + 31) / 32 * 4;

    /// <summary>Where row y of the picture stands among those of the file.</summary>
    public int RowOf(int y) => TopDown ? y : Height - 1 - y;

    public static BmpHeader Parse(ReadOnlySpan<byte> bmp, string name)
    {
        if (!bmp.StartsWith(BmpFile.Start)) throw new DataException(name, bmp.Length < 2 && BmpFile.Start.StartsWith(bmp) ? "is truncated: it ends within the BMP signature" : "is not a BMP file");
        if (bmp.Length < FileHeader + 12) throw new DataException(name, "is truncated: it ends within its headers");
        uint pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(bmp[10..]), size = BinaryPrimitives.ReadUInt32LittleEndian(bmp[14..]);
        if (size > int.MaxValue || !s_sizes.Contains((int)size)) throw new DataException(name, $"has a BMP header of {size} bytes, read are {string.Join(", ", s_sizes)}");
        if (bmp.Length < FileHeader + size) throw new DataException(name, "is truncated: it ends within its headers");
        ReadOnlySpan<byte> info = bmp.Slice(FileHeader, (int)size);
        bool old = size == 12;
        long width = old ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        long height = old ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(old ? 10 : 14)..]);
        var compression = old ? BmpCompression.None : (BmpCompression)BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        if (width < 1 || height is 0 or < -int.MaxValue) throw new DataException(name, $"its size {width}×{height} is not a picture's");
        bool known = (bits, compression) is (1 or 4 or 8 or 16 or 24 or 32, BmpCompression.None) or (8, BmpCompression.Runs8) or (4, BmpCompression.Runs4)
            or (16 or 32, BmpCompression.BitFields or BmpCompression.AlphaBitFields);
        if (!known) throw new DataException(name, $"has {bits} bits a pixel and the compression {(uint)compression}, which is not read");
        if (height < 0 && compression is BmpCompression.Runs8 or BmpCompression.Runs4) throw new DataException(name, "is damaged: run lengths cannot begin with the top row");

        int at = FileHeader + (int)size;
        uint[] masks = bits is 16 or 32 ? MasksOf(bmp, info, bits, compression, ref at, name) : [];
        if (pixelsAt < at || pixelsAt > bmp.Length) throw new DataException(name, $"is damaged: its pixels begin at byte {pixelsAt}, its headers end at {at} of {bmp.Length}");
        BmpColour[]? palette = bits <= 8 ? PaletteOf(bmp[at..(int)pixelsAt], bits, old ? 3 : 4, old ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[32..]), name) : null;
        return new((int)width, (int)Math.Abs(height), height < 0, bits, compression, (int)pixelsAt) { Palette = palette, Masks = masks };
    }

    static uint[] MasksOf(ReadOnlySpan<byte> bmp, ReadOnlySpan<byte> info, int bits, BmpCompression compression, ref int at, string name)
    {
        if (compression == BmpCompression.None) return bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF0000, 0xFF00, 0xFF, 0];
        int count = info.Length >= 56 || compression == BmpCompression.AlphaBitFields ? 4 : 3, from = FileHeader + 40;
        if (info.Length == 40) at += 4 * count;                      // after the header; else within
        if (from + 4 * count > bmp.Length) throw new DataException(name, "is truncated: it ends within its masks");
        var masks = new uint[4];
        for (int i = 0; i < count; i++) masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(bmp[(from + 4 * i)..]);
        foreach (uint mask in masks)
        {
            ulong run = mask == 0 ? 0 : (ulong)(mask >> System.Numerics.BitOperations.TrailingZeroCount(mask)) + 1;
            if ((run & (run - 1)) != 0 && run != 0 || bits == 16 && mask > ushort.MaxValue) throw new DataException(name, $"is damaged: the mask {mask:X8} is not a run of its {bits} bits");
        }
        if (masks[0] == 0 || masks[1] == 0 || masks[2] == 0) throw new DataException(name, "is damaged: a mask is empty");
        return masks;
    }

    static BmpColour[] PaletteOf(ReadOnlySpan<byte> bytes, int bits, int entryBytes, uint used, string name)
    {
        long count = Math.Min(used == 0 ? 1L << bits : used, Math.Min(1 << bits, bytes.Length / entryBytes));
        if (count == 0) throw new DataException(name, "is damaged: its palette is missing");
        var palette = new BmpColour[count];
        for (int i = 0; i < count; i++) palette[i] = new(bytes[entryBytes * i + 2], bytes[entryBytes * i + 1], bytes[entryBytes * i]);
        return palette;
    }
}
