namespace IlgpuXai.Data;

/// <summary>
/// JPEG (ITU-T T.81) as cameras and the web write it, reading only: baseline, extended sequential and progressive, 8 bits, Huffman codes, any sampling of whole ratios, restart
/// intervals. Grey comes back with one channel, everything else as RGB: YCbCr, RGB, and the inverted CMYK and YCCK of Adobe. The orientation of Exif metadata is applied; colour
/// profiles are not. Samples are those of libjpeg with its defaults, to the bit.
/// </summary>
public static class JpegFile
{
    /// <summary>What a file begins with.</summary>
    internal static ReadOnlySpan<byte> Start => [0xFF, 0xD8, 0xFF];

    /// <exception cref="DataException">Missing, unreadable, truncated, damaged, not JPEG, of a kind that is not read, or larger than <see cref="ImageFile.MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(ImageFile.Bytes(path), path);

    /// <param name="jpeg">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Read"/>
    public static Image Decode(ReadOnlySpan<byte> jpeg, string name) => new JpegReader(jpeg, name).Decode();
}
