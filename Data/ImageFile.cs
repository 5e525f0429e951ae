namespace IlgpuXai.Data;

/// <summary>Pictures from files, whatever their format.</summary>
public static class ImageFile
{
    /// <summary>Width × height × channels of the largest picture that is decoded, so that a few bytes cannot ask for all memory.</summary>
    public const int MaxSamples = 1 << 28;

    /// <summary>How the names of pictures end, without the point, in lower case; files may end in any.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["png", "jpg", "jpeg", "jpe", "bmp", "ppm", "pgm", "pbm", "pnm"];

    /// <summary>Whether a file ends like a picture, for scans of folders; what it is, its first bytes tell.</summary>
    public static bool HasExtension(string path) => Extensions.Contains(Path.GetExtension(path).TrimStart('.'), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="DataException">Missing, unreadable, damaged, of no format that is read here, or larger than <see cref="MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(Bytes(path), path);

    /// <summary>The format is told by the first bytes.</summary>
    /// <param name="file">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Read"/>
    public static Image Decode(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith(PngFile.Start)) return PngFile.Decode(file, name);
        if (file.StartsWith(JpegFile.Start)) return JpegFile.Decode(file, name);
        if (file.StartsWith(BmpFile.Start)) return BmpFile.Decode(file, name);
        if (PnmFile.IsPnm(file)) return PnmFile.Decode(file, name);
        throw new DataException(name, file.IsEmpty ? "is empty, a picture was expected" : $"is no picture that is read: PNG, JPEG, BMP, PBM, PGM and PPM are; it begins with {Convert.ToHexString(file[..Math.Min(4, file.Length)])}");
    }

    /// <summary>All of a file that is to be read as a picture.</summary>
    internal static byte[] Bytes(string path) => DataException.Reading(path, stream =>
    {
        if (stream.Length > Array.MaxLength) throw new DataException(path, $"has {stream.Length} bytes, more than this program reads as a picture");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>Refuses a picture that is too large, before memory is taken for it.</summary>
    internal static void CheckSize(string name, int width, int height, int channels)
    {
        if ((double)width * height * channels > MaxSamples)
            throw new DataException(name, $"is {width}×{height} with {channels} channels, more than the {MaxSamples} samples this program decodes");
    }
}
