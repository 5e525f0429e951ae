using IlgpuXai.Data;

namespace IlgpuXai.Bench;

/// <summary>Decodes the picture files of a folder, which are in memory, one after the other.</summary>
sealed class PictureWork : IWork
{
    readonly byte[][] _files;

    public PictureWork(string folder)
    {
        string[] paths = [.. Directory.EnumerateFiles(folder).Where(ImageFile.HasExtension).Order(StringComparer.Ordinal)];
        if (paths.Length == 0) throw new ArgumentException($"{folder} holds no picture");
        _files = Array.ConvertAll(paths, File.ReadAllBytes);
    }

    public void Run()
    {
        foreach (byte[] file in _files) ImageFile.Decode(file, "picture");
    }

    public void Dispose() { }
}
