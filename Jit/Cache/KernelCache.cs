using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IlgpuXai.Jit;

/// <summary>Compiled kernels on disk, one file each, found again by all that decides their content.</summary>
/// <remarks>
/// An entry is a checksum and the binary. Entries are written under a name of their own and renamed, so that several processes may share a folder:
/// each finds an entry whole or not at all, and of two that write the same one the later wins. What is damaged is deleted and counts as absent.
/// A folder that cannot be read or written means that nothing is kept, never a failure. The folder may be deleted at any time.
/// </remarks>
/// <param name="folder">Made when the first entry is stored.</param>
public sealed class KernelCache(string folder)
{
    // SHA-256 of the key and the binary. Another layout of entries needs another ending.
    const int ChecksumBytes = 32;
    const string Ending = ".bin", Unfinished = ".part";

    public string Folder { get; } = folder;

    /// <summary>The cache of this user: see <see cref="UserFolder"/>.</summary>
    public static KernelCache OfUser() => new(UserFolder(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows()));

    /// <summary>
    /// <c>ILGPUXAI_CACHE</c>, else <c>ilgpuxai</c> in <c>$XDG_CACHE_HOME</c> (where that is an absolute path) or in <c>~/.cache</c>; on Windows in the local application data.
    /// </summary>
    public static string UserFolder(Func<string, string?> environment, bool windows)
    {
        if (environment("ILGPUXAI_CACHE") is { Length: > 0 } chosen) return chosen;
        string parent = windows ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : Path.GetTempPath(), ".cache");
        return Path.Combine(parent, "ilgpuxai");
    }

    /// <summary>
    /// The name of an entry: SHA-256, in hexadecimal, of everything that decides the binary: kernel text, compiler options, device, versions of driver and compiler.
    /// Each part counts with its length, so that letters cannot move from one to the next.
    /// </summary>
    public static string Key(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The binary of <paramref name="key"/>, built and stored if it is not there.</summary>
    public byte[] GetOrBuild(string key, Func<byte[]> build) => Find(key) ?? Build(key, build);

    /// <summary>
    /// What <paramref name="load"/> makes of the binary. If it refuses one that was found (<see cref="GpuException"/>: a driver that was replaced, say), the entry is built
    /// anew and loaded again; of a fresh binary the refusal passes to the caller.
    /// </summary>
    public T Load<T>(string key, Func<byte[]> build, Func<byte[], T> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (Find(key) is { } found)
        {
            try { return load(found); }
            catch (GpuException) { Remove(key); }
        }
        return load(Build(key, build));
    }

    /// <summary>Null: there is none, or it was damaged.</summary>
    public byte[]? Find(string key)
    {
        try
        {
            byte[] entry = File.ReadAllBytes(PathOf(key));
            if (entry.Length > ChecksumBytes && Checksum(key, entry.AsSpan(ChecksumBytes)).AsSpan().SequenceEqual(entry.AsSpan(0, ChecksumBytes))) return entry[ChecksumBytes..];
            Remove(key);
            return null;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return null;
        }
    }

    public void Store(string key, byte[] binary)
    {
        ArgumentNullException.ThrowIfNull(binary);
        string part = $"{PathOf(key)}.{Guid.NewGuid():n}{Unfinished}";
        try
        {
            Directory.CreateDirectory(Folder);
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(Checksum(key, binary));
                stream.Write(binary);
            }
            File.Move(part, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            Delete(part);
        }
    }

    /// <summary>The driver refused the entry: it is not found again.</summary>
    public void Remove(string key) => Delete(PathOf(key));

    byte[] Build(string key, Func<byte[]> build)
    {
        byte[] binary = build();
        Store(key, binary);
        return binary;
    }

    string PathOf(string key) => Path.Combine(Folder, key + Ending);

    static byte[] Checksum(string key, ReadOnlySpan<byte> binary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(key));
        hash.AppendData(binary);
        return hash.GetHashAndReset();
    }

    static void Delete(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (IsRefusal(e)) { }
    }

    // The last two: a folder name that is no path.
    static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}
