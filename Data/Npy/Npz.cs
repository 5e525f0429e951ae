using System.IO.Compression;

namespace IlgpuXai.Data;

/// <summary>NumPy's <c>.npz</c> files: a zip of <c>NAME.npy</c>, stored or deflated.</summary>
public static class Npz
{
    // Entries carry no real time, so that the same arrays give the same bytes.
    static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The arrays by name, without <c>.npy</c>.</summary>
    /// <exception cref="DataException">Missing, unreadable, not a zip, a wrong checksum, an entry that is no array or stands twice.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path) => DataException.Reading(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        long left = stream.Length;                                   // entries do not share bytes
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal)) throw new DataException(path, $"its entry {entry.FullName} is not a .npy file");
            string name = $"{path}({entry.FullName})";
            if ((left -= entry.CompressedLength) < 0) throw new DataException(name, $"claims {entry.CompressedLength} compressed bytes, more than the file has");
            byte[] bytes = Unpack(entry, name);
            if (!arrays.TryAdd(entry.FullName[..^4], Npy.Parse(name, new MemoryStream(bytes), bytes.Length))) throw new DataException(path, $"its entry {entry.FullName} stands twice");
        }
        return arrays;
    });

    /// <summary>Written whole or not at all, entries in the order given. <paramref name="compress"/> as NumPy's savez_compressed, else savez.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays, bool compress = false) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, NpyArray array) in arrays)
        {
            ZipArchiveEntry entry = zip.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = s_time;
            using Stream to = entry.Open();
            Npy.Write(to, array);
        }
    });

    static byte[] Unpack(ZipArchiveEntry entry, string name)
    {
        // Deflate cannot do better than 258 bytes for about 2 bits: what claims more is refused before memory is taken for it.
        if (entry.Length > entry.CompressedLength * 1032 || entry.Length > Array.MaxLength)
            throw new DataException(name, $"claims {entry.Length} bytes from {entry.CompressedLength}, more than that can hold");
        var bytes = new byte[entry.Length];
        using Stream from = entry.Open();
        if (from.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || from.ReadByte() >= 0) throw new DataException(name, "does not have the length it claims");
        if (Crc32.Of(bytes) != entry.Crc32) throw new DataException(name, "is damaged: its checksum is wrong");
        return bytes;
    }
}
