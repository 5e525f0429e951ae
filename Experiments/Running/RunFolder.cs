using System.Text.Json.Nodes;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>
/// The folder of one run: <c>run.json</c> says what the run is, <c>maps/</c> holds one file per finished image, the results are written at the end.
/// A run continues only what is the same run; nothing of another run is ever mixed in or deleted without being asked.
/// </summary>
public sealed class RunFolder
{
    const string Identity = "run.json", MapFolder = "maps";
    static readonly string[] s_written = [Identity, "results.json", "scores.csv", "report.html", "network.safetensors", "network.json", "training.checkpoint"];

    RunFolder(string path) => Path = path;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string MapFile(string group, int index) => System.IO.Path.Combine(Path, MapFolder, $"{group}-{index:d5}.npy");

    /// <summary>Refuses early what <see cref="Open"/> would refuse late, without touching anything.</summary>
    /// <exception cref="UserException">The folder holds something this call may not continue or replace.</exception>
    public static void Check(string path, bool resume, bool overwrite)
    {
        if (resume && overwrite) throw new UsageException("--resume and --overwrite contradict each other: continue the run or replace it");
        if (System.IO.File.Exists(path)) throw new UserException($"{path}: is a file, a folder for the results was expected");
        if (!Directory.Exists(path) || IsEmpty(path)) return;
        if (!System.IO.File.Exists(System.IO.Path.Combine(path, Identity)))
            throw new UserException($"{path}: is not empty and holds no run of this program; choose another folder with --out");
        if (!resume && !overwrite)
            throw new UserException($"{path}: holds an earlier run; continue it with --resume, replace it with --overwrite, or choose another folder with --out");
    }

    /// <summary>Makes the folder, or opens it to continue the same run.</summary>
    /// <param name="identity">Everything the results depend on. A run is the same if this is.</param>
    /// <exception cref="UserException">As <see cref="Check"/>, or the folder belongs to a run with other settings.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static RunFolder Open(string path, JsonObject identity, bool resume, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(identity);
        Check(path, resume, overwrite);
        var folder = new RunFolder(path);
        bool isNew = !Directory.Exists(path);
        try
        {
            if (resume && System.IO.File.Exists(folder.File(Identity))) CheckSame(path, identity);
            else
            {
                if (overwrite && !isNew) folder.Clear();
                Directory.CreateDirectory(System.IO.Path.Combine(path, MapFolder));
                AtomicFile.WriteText(folder.File(Identity), Json.Write(identity));
            }
            Directory.CreateDirectory(System.IO.Path.Combine(path, MapFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataException)
        {
            if (isNew) folder.RemoveIfEmpty();
            if (e is DataException) throw;
            throw new DataException(path, $"cannot be written: {e.Message}", e);
        }
        return folder;
    }

    static bool IsEmpty(string path)
    {
        try { return !Directory.EnumerateFileSystemEntries(path).Any(); }
        catch (UnauthorizedAccessException e) { throw new DataException(path, $"cannot be read: {e.Message}", e); }
    }

    /// <summary>Refuses early to continue a run with other settings; says nothing where there is no run.</summary>
    /// <exception cref="UserException">The folder belongs to a run with other settings.</exception>
    /// <exception cref="DataException">Its <c>run.json</c> cannot be read.</exception>
    public static void CheckSame(string path, JsonObject identity)
    {
        string file = System.IO.Path.Combine(path, Identity);
        if (!System.IO.File.Exists(file)) return;
        var old = Json.ReadFile<JsonObject>(file, "replace the run with --overwrite, or choose another folder with --out");
        var differences = new List<string>();
        Collect("", old, identity, differences);
        if (differences.Count > 0)
            throw new UserException($"{path}: belongs to a run with other settings ({string.Join("; ", differences.Take(4))}); repeat its settings, replace it with --overwrite, or choose another folder with --out");
    }

    static void Collect(string name, JsonNode? old, JsonNode? now, List<string> differences)
    {
        if (old is JsonObject a && now is JsonObject b)
        {
            foreach (string key in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
                Collect(name.Length == 0 ? key : $"{name}.{key}", a[key], b[key], differences);
        }
        else if (!JsonNode.DeepEquals(old, now)) differences.Add($"{name} {Short(old)} → {Short(now)}");
    }

    static string Short(JsonNode? node)
    {
        string text = node?.ToJsonString(Json.Options).Trim('"') ?? "none";
        return text.Length > 40 ? $"{text[..12]}…" : text;
    }

    // Only what a run writes: a stranger's file in the folder stays.
    void Clear()
    {
        foreach (string name in s_written)
        {
            System.IO.File.Delete(File(name));
            System.IO.File.Delete(File(name + ".part"));
        }
        string maps = System.IO.Path.Combine(Path, MapFolder);
        if (!Directory.Exists(maps)) return;
        foreach (string map in Directory.EnumerateFiles(maps, "*.npy*")) System.IO.File.Delete(map);
    }

    void RemoveIfEmpty()
    {
        try
        {
            string maps = System.IO.Path.Combine(Path, MapFolder);
            if (Directory.Exists(maps)) Directory.Delete(maps);
            if (Directory.Exists(Path)) Directory.Delete(Path);
        }
        catch (IOException) { }                          // not empty, or gone: the failure that led here is the one to report
        catch (UnauthorizedAccessException) { }
    }
}
