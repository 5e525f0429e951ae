namespace IlgpuXai.Data;

/// <summary>RLE8 and RLE4: pairs of a count and a colour (two colours in turn), and escapes for the end of a row, the end, a jump, and pixels as they are.</summary>
static class BmpRuns
{
    const int MostPixelsPerByte = 128;                               // 255 pixels for two bytes

    /// <summary>Places in the palette; pixels that are jumped over are 0.</summary>
    public static byte[] Unfold(BmpHeader header, ReadOnlySpan<byte> data, string name)
    {
        long area = (long)header.Width * header.Height;
        if (area > (long)MostPixelsPerByte * data.Length) throw new DataException(name, $"is truncated: {data.Length} bytes cannot hold its {header.Width}×{header.Height} pixels");
        var indices = new byte[area];
        bool nibbles = header.Compression == BmpCompression.Runs4;
        int x = 0, y = 0, at = 0;                                    // y counts from the bottom row
        while (y < header.Height)
        {
            if (at + 2 > data.Length)
            {
                if (y == header.Height - 1 && x == header.Width) break;      // complete, but for the end that some writers leave out
                throw new DataException(name, "is truncated: its run lengths end early");
            }
            (int count, byte value) = (data[at], data[at + 1]);
            if (count > 0) Draw(header, indices, ref x, y, count, data.Slice(at + 1, 1), name);
            at += 2;
            if (count > 0) continue;
            if (value == 1) break;
            if (value == 0) (x, y) = (0, y + 1);
            else
            {
                ReadOnlySpan<byte> rest = data[at..];
                int bytes = value == 2 ? 2 : nibbles ? (value + 1) / 2 : value;
                if (bytes > rest.Length) throw new DataException(name, "is truncated: its run lengths end early");
                if (value == 2) (x, y) = (x + rest[0], y + rest[1]);
                else Draw(header, indices, ref x, y, value, rest[..bytes], name);
                at += bytes + (bytes & 1);                           // to a multiple of two
            }
            if (x > header.Width || y > header.Height) throw Beyond(name);
        }
        return indices;
    }

    // A run is one byte that repeats.
    static void Draw(BmpHeader header, byte[] indices, ref int x, int y, int count, ReadOnlySpan<byte> pixels, string name)
    {
        if (x + count > header.Width) throw Beyond(name);
        bool nibbles = header.Compression == BmpCompression.Runs4;
        int first = header.RowOf(y) * header.Width + x;
        for (int i = 0; i < count; i++)
        {
            byte pair = pixels[Math.Min(nibbles ? i / 2 : i, pixels.Length - 1)];
            indices[first + i] = !nibbles ? pair : (byte)((i & 1) == 0 ? pair >> 4 : pair & 15);
        }
        x += count;
    }

    static DataException Beyond(string name) => new(name, "is damaged: its run lengths run beyond the picture");
}
