namespace IlgpuXai.Experiments;

/// <summary>Where fetched weights are kept: <c>weights</c> in the folder <c>ILGPUXAI_CACHE</c>, else in <c>ilgpuxai</c> below <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c> (on Windows the local application data).</summary>
/// <remarks>Nothing comes there unless it was asked for by name, and nothing stays there unless its checksum is right. The folder may be deleted at any time.</remarks>
public sealed class WeightCache(string folder)
{
    public string Folder { get; } = folder;

    public static WeightCache OfUser() => new(Path.Combine(UserFolder(), "weights"));

    /// <summary>Where an entry is or will be.</summary>
    public string PathOf(WeightEntry entry) => Path.Combine(Folder, entry.FileName);

    /// <summary>The file of an entry: the one that comes with the program, else the cached one; null if it is not here.</summary>
    public string? Find(WeightEntry entry) => entry.File is { } shipped ? WeightFiles.Shipped(shipped) : File.Exists(PathOf(entry)) ? PathOf(entry) : null;

    static string UserFolder()
    {
        if (Environment.GetEnvironmentVariable("ILGPUXAI_CACHE") is { Length: > 0 } chosen) return chosen;
        string parent = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : Path.GetTempPath(), ".cache");
        return Path.Combine(parent, "ilgpuxai");
    }
}
