namespace IlgpuXai.Data;

/// <summary>Pictures from files, whatever their format.</summary>
public static class ImageFile
{
    /// <exception cref="DataException">Missing, unreadable, damaged, or of no format that is read here.</exception>
    public static Image Read(string path) => PngFile.Read(path);
}
