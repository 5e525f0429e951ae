namespace IlgpuXai.Data;

/// <summary>
/// PNG (W3C, third edition). Reading: every colour type, bit depth and interlacing. Grey of 1, 2 and 4 bits comes back spread over 8, palettes as RGB, transparency (tRNS) as an
/// alpha channel; gamma and colour profiles are not applied. Writing: every <see cref="Image"/>, not interlaced.
/// </summary>
public static class PngFile
{
    /// <summary>What a file begins with.</summary>
    internal static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="DataException">Missing, unreadable, truncated, damaged (checksums, compressed data), not PNG, or larger than <see cref="ImageFile.MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(ImageFile.Bytes(path), path);

    /// <param name="png">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    public static Image Decode(ReadOnlySpan<byte> png, string name) => PngReader.Decode(png, name);

    public static byte[] Encode(Image image) => PngWriter.Encode(image);

    /// <summary>Written whole or not at all: <see cref="AtomicFile"/>.</summary>
    public static void Write(string path, Image image)
    {
        byte[] png = Encode(image);
        AtomicFile.Write(path, stream => stream.Write(png));
    }
}
