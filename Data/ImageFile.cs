namespace IlgpuXai.Data;

/// <summary>Pictures from files, whatever their format.</summary>
public static class ImageFile
{
    /// <summary>The extensions of the formats that are read, with the dot, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png"];

    /// <exception cref="DataException">Missing, unreadable, damaged, or of no format that is read here.</exception>
    public static Image Read(string path) => PngFile.Read(path);
}
