using System.IO.Compression;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Files made by the scripts beside them.</summary>
static class DataGoldens
{
    public static string File(string name) => Path.Combine(SharedFiles.Root, "Tests", "Data", "Goldens", name);

    public static byte[] Entry(string zipName, string name)
    {
        using ZipArchive zip = ZipFile.OpenRead(File(zipName));
        using Stream from = zip.GetEntry(name)!.Open();
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }

    public static IEnumerable<string> Names(string zipName)
    {
        using ZipArchive zip = ZipFile.OpenRead(File(zipName));
        return [.. zip.Entries.Select(e => e.FullName)];
    }
}
