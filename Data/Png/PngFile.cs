namespace IlgpuXai.Data;

/// <summary>
/// PNG (W3C, third edition). Reading: every colour type, bit depth and interlacing. Grey of 1, 2 and 4 bits comes back spread over 8, palettes as RGB, transparency (tRNS) as an
/// alpha channel; gamma and colour profiles are not applied. Writing: every <see cref="Image"/>, not interlaced.
/// </summary>
public static class PngFile
{
    /// <exception cref="DataException">Missing, unreadable, truncated, damaged (checksums, compressed data), not PNG, or larger than <see cref="MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(DataException.Reading(path, stream =>
    {
        if (stream.Length > Array.MaxLength) throw new DataException(path, $"has {stream.Length} bytes, more than this program reads as a picture");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }), path);

    /// <summary>Width × height × channels of the largest picture that is decoded, so that a few bytes cannot ask for all memory.</summary>
    public const int MaxSamples = 1 << 28;

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
