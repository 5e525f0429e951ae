namespace IlgpuXai.Data;

/// <summary>
/// BMP of Windows and OS/2, reading only: 1, 4, 8, 16, 24 and 32 bits, bit fields, run lengths (RLE4, RLE8), either order of rows. A palette of greys comes back with one channel,
/// a mask for alpha makes a fourth, everything else is RGB; samples of other than 8 bits become ⌊255·v / largest⌋.
/// </summary>
public static class BmpFile
{
    internal static ReadOnlySpan<byte> Start => "BM"u8;

    /// <exception cref="DataException">Missing, unreadable, truncated, damaged, not BMP, of a kind that is not read, or larger than <see cref="ImageFile.MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(ImageFile.Bytes(path), path);

    /// <param name="bmp">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Read"/>
    public static Image Decode(ReadOnlySpan<byte> bmp, string name)
    {
        BmpHeader header = BmpHeader.Parse(bmp, name);
        ReadOnlySpan<byte> data = bmp[header.PixelsAt..];
        if (header.Palette is not { } palette) return BmpColours.Read(header, data, name);
        int channels = Array.TrueForAll(palette, c => c.Red == c.Green && c.Green == c.Blue) ? 1 : 3;
        ImageFile.CheckSize(name, header.Width, header.Height, channels);
        byte[] indices = header.Compression is BmpCompression.Runs8 or BmpCompression.Runs4 ? BmpRuns.Unfold(header, data, name) : BmpColours.Indices(header, data, name);
        var pixels = new byte[indices.Length * channels];
        for (int i = 0, at = 0; i < indices.Length; i++, at += channels)
        {
            if (indices[i] >= palette.Length) throw new DataException(name, $"is damaged: it uses colour {indices[i]} of a palette of {palette.Length}");
            BmpColour colour = palette[indices[i]];
            pixels[at] = colour.Red;
            if (channels == 3) (pixels[at + 1], pixels[at + 2]) = (colour.Green, colour.Blue);
        }
        return new Image(header.Width, header.Height, channels, pixels);
    }
}
