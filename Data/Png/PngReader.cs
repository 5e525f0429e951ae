using System.IO.Compression;

namespace IlgpuXai.Data;

static class PngReader
{
    public static Image Decode(ReadOnlySpan<byte> png, string name)
    {
        PngChunks chunks = PngChunks.Parse(png, name);
        PngHeader header = chunks.Header;
        var pixels = new PngPixels(chunks, name);
        ImageFile.CheckSize(name, header.Width, header.Height, pixels.Channels);
        PngPass[] passes = [.. PngPass.Of(header)];
        long inflated = passes.Sum(pass => (header.RowBytes(pass.Width) + 1) * pass.Height);
        // Deflate cannot do better than 258 bytes for about 2 bits: what claims more is refused before memory is taken for it.
        if (inflated > 1032L * chunks.Compressed.Length) throw new DataException(name, $"is truncated: {chunks.Compressed.Length} bytes cannot hold its {header.Width}×{header.Height} pixels");

        int count = header.Width * header.Height * pixels.Channels;
        byte[]? bytes = header.BitDepth == 16 ? null : new byte[count];
        ushort[]? words = header.BitDepth == 16 ? new ushort[count] : null;
        using var zlib = new ZLibStream(new MemoryStream(chunks.Compressed), CompressionMode.Decompress);
        var checksum = new Adler32();
        try
        {
            foreach (PngPass pass in passes) ReadPass(pass);
            if (zlib.ReadByte() >= 0) throw new DataException(name, "is damaged: it holds more image data than its size needs");
        }
        catch (InvalidDataException e)
        {
            throw new DataException(name, $"is damaged: its image data is not valid zlib ({e.Message})", e);
        }
        // ZLibStream checks the checksum that is there but does not miss one that has been cut off. Some encoders pad after it, which viewers pass over.
        if (chunks.Compressed.AsSpan().IndexOf(checksum.BigEndian) < 0) throw new DataException(name, "is truncated: the end of its image data is missing");
        return bytes is not null ? new Image(header.Width, header.Height, pixels.Channels, bytes) : new Image(header.Width, header.Height, pixels.Channels, words!);

        void ReadPass(PngPass pass)
        {
            int rowBytes = (int)header.RowBytes(pass.Width);
            byte[] row = new byte[1 + rowBytes], above = new byte[1 + rowBytes];
            Span<ushort> pixel = stackalloc ushort[pixels.Channels];
            for (int j = 0; j < pass.Height; j++)
            {
                if (zlib.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length) throw new DataException(name, "is truncated: its image data ends early");
                checksum.Add(row);
                if (row[0] >= PngFilter.Kinds) throw new DataException(name, $"is damaged: a row has the filter {row[0]}");
                PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterStep);
                int at = ((pass.Y0 + j * pass.StepY) * header.Width + pass.X0) * pixels.Channels;
                for (int i = 0; i < pass.Width; i++, at += pass.StepX * pixels.Channels)
                {
                    pixels.Read(row.AsSpan(1), i, pixel);
                    for (int c = 0; c < pixel.Length; c++)
                        if (bytes is not null) bytes[at + c] = (byte)pixel[c];
                        else words![at + c] = pixel[c];
                }
                (row, above) = (above, row);
            }
        }
    }
}
