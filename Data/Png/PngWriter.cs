using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace IlgpuXai.Data;

static class PngWriter
{
    public static byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var png = new MemoryStream();
        png.Write(PngFile.Start);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = (byte)image.BitDepth;
        header[9] = (byte)(image.Channels switch { 1 => PngColour.Grey, 2 => PngColour.GreyAlpha, 3 => PngColour.Rgb, _ => PngColour.Rgba });
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", Compress(image));
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    static byte[] Compress(Image image)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) WriteRows(image, zlib);
        return compressed.ToArray();
    }

    // Each row takes the filter whose bytes, read as signed, have the least sum of magnitudes: the heuristic the specification recommends (12.7).
    static void WriteRows(Image image, Stream to)
    {
        int samples = image.Width * image.Channels, sampleBytes = image.BitDepth / 8, step = image.Channels * sampleBytes;
        byte[] row = new byte[samples * sampleBytes], above = new byte[row.Length], filtered = new byte[1 + row.Length], best = new byte[1 + row.Length];
        for (int y = 0; y < image.Height; y++)
        {
            CopyRow(image, y * samples, row);
            long least = long.MaxValue;
            for (int kind = 0; kind < PngFilter.Kinds; kind++)
            {
                filtered[0] = (byte)kind;
                PngFilter.Apply(kind, row, above, step, filtered.AsSpan(1));
                long cost = 0;
                foreach (byte b in filtered.AsSpan(1)) cost += Math.Abs((int)(sbyte)b);
                if (cost >= least) continue;
                least = cost;
                (best, filtered) = (filtered, best);
            }
            to.Write(best);
            (row, above) = (above, row);
        }
    }

    static void CopyRow(Image image, int first, Span<byte> row)
    {
        if (image.BitDepth == 8) image.Bytes.Slice(first, row.Length).CopyTo(row);
        else
            for (int i = 0; i < row.Length / 2; i++) BinaryPrimitives.WriteUInt16BigEndian(row[(2 * i)..], image.Words[first + i]);
    }

    static void Chunk(Stream png, string kind, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        png.Write(word);
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(body));
        png.Write(word);
    }
}
