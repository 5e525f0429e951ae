namespace IlgpuXai.Data;

/// <summary>Pictures from files, whatever their format: PNG, JPEG.</summary>
public static class ImageFile
{
    /// <summary>The extensions of the formats that are read, with the dot, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg"];

    /// <summary>Width × height × channels of the largest picture that is decoded, so that a few bytes cannot ask for all memory.</summary>
    public const int MaxSamples = 1 << 28;

    /// <exception cref="DataException">Missing, unreadable, damaged, of no format that is read here, or larger than <see cref="MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(Bytes(path), path);

    /// <summary>The format is told by the first bytes.</summary>
    /// <param name="file">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Read"/>
    public static Image Decode(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith(JpegFile.Start)) return JpegFile.Decode(file, name);
        return PngFile.Decode(file, name);
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
