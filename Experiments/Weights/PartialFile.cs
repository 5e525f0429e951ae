using System.Security.Cryptography;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>As much of a file as has come, and what the server calls the version it is of.</summary>
sealed class PartialFile(string path)
{
    readonly string _tag = path + ".tag";

    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The server's mark of the version (an entity tag or a date); null where it gave none.</summary>
    public string? Tag => File.Exists(_tag) && Guarded(() => File.ReadAllText(_tag)) is { Length: > 0 } tag ? tag : null;

    /// <summary>Begins anew.</summary>
    public FileStream Begin(string? tag) => Guarded(() =>
    {
        File.WriteAllText(_tag, tag ?? "");
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
    });

    /// <summary>Goes on at the end; what is there counts in the hash.</summary>
    public FileStream Continue(IncrementalHash hash) => Guarded(() =>
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        return stream;
    });

    public void Remove() => Guarded(() =>
    {
        File.Delete(path);
        File.Delete(_tag);
        return true;
    });

    public void MoveTo(string target) => Guarded(() =>
    {
        File.Move(path, target, overwrite: true);
        File.Delete(_tag);
        return true;
    });

    /// <summary>What the system refuses, as one line that names the file.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try { return work(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" }) { throw new DataException(path, $"cannot be written: {e.Message}", e); }
    }
}
