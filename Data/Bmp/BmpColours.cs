using System.Buffers.Binary;
using System.Numerics;

namespace IlgpuXai.Data;

/// <summary>Rows of pixels that are not compressed.</summary>
static class BmpColours
{
    /// <summary>Pixels of 16, 24 and 32 bits to RGB, or RGBA where there is a mask for alpha.</summary>
    public static Image Read(BmpHeader header, ReadOnlySpan<byte> data, string name)
    {
        int channels = header.Bits != 24 && header.Masks[3] != 0 ? 4 : 3, bytes = header.Bits / 8;
        ImageFile.CheckSize(name, header.Width, header.Height, channels);
        CheckLength(header, data, name);
        var pixels = new byte[header.Width * header.Height * channels];
        int[] shifts = [.. header.Masks.Select(BitOperations.TrailingZeroCount)];
        uint[] largest = [.. header.Masks.Select((mask, c) => mask == 0 ? 0 : mask >> shifts[c])];
        for (int y = 0, at = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = Row(header, data, y);
            for (int x = 0; x < header.Width; x++, at += channels)
            {
                ReadOnlySpan<byte> pixel = row[(x * bytes)..];
                if (bytes == 3)
                {
                    (pixels[at], pixels[at + 1], pixels[at + 2]) = (pixel[2], pixel[1], pixel[0]);
                    continue;
                }
                uint value = bytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(pixel) : BinaryPrimitives.ReadUInt32LittleEndian(pixel);
                for (int c = 0; c < channels; c++) pixels[at + c] = (byte)(255UL * ((value & header.Masks[c]) >> shifts[c]) / largest[c]);
            }
        }
        return new Image(header.Width, header.Height, channels, pixels);
    }

    /// <summary>Places in the palette, of 1, 4 or 8 bits, the leftmost pixel in the highest of a byte.</summary>
    public static byte[] Indices(BmpHeader header, ReadOnlySpan<byte> data, string name)
    {
        CheckLength(header, data, name);
        var indices = new byte[header.Width * header.Height];
        for (int y = 0, at = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = Row(header, data, y);
            for (int x = 0, each = 8 / header.Bits; x < header.Width; x++) indices[at++] = (byte)((row[x / each] >> (8 - header.Bits * (1 + x % each))) & ((1 << header.Bits) - 1));
        }
        return indices;
    }

    static ReadOnlySpan<byte> Row(BmpHeader header, ReadOnlySpan<byte> data, int y) => data[(int)(header.RowOf(y) * header.RowBytes)..];

    // The last row of some writers is not padded.
    static void CheckLength(BmpHeader header, ReadOnlySpan<byte> data, string name)
    {
        long needed = (header.Height - 1) * header.RowBytes + ((long)header.Width * header.Bits + 7) / 8;
        if (data.Length < needed) throw new DataException(name, $"is truncated: its pixels need {needed} bytes, {data.Length} are there");
    }
}
