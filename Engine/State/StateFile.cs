using System.Text;

namespace IlgpuXai.Engine;

/// <summary>The one door to files of weights. What a file is, its content says, not its name.</summary>
public static class StateFile
{
    const string Known = "safetensors, PyTorch's .pt and .pth, NumPy's .npz";

    // What is often mistaken for weights: how it begins, and what it is.
    static readonly (byte[] Start, string What)[] s_others =
    [
        ("version https://git-lfs"u8.ToArray(), "is a Git LFS pointer, the file itself was not fetched (git lfs pull)"),
        ([0x89, .. "HDF"u8], "is an HDF5 file (Keras)"),
        ("<!DOCTYPE"u8.ToArray(), "is a web page"),
        ("<html"u8.ToArray(), "is a web page"),
    ];

    /// <summary>Opens a file of weights: safetensors, PyTorch's zip and what it wrote before version 1.6, NumPy's npz.</summary>
    /// <exception cref="StateFileException">There is no such file, it cannot be read, is of no known format, malformed, or holds more than tensors and plain values; one line says what.</exception>
    public static IStateFile Open(string path) => Open(path, Read);

    /// <summary>The numbers of one array as float32.</summary>
    public static float[] Read(this IStateFile file, string name)
    {
        var values = new float[file.ShapeOf(name).Elements];
        file.Read(name, values);
        return values;
    }

    /// <summary>The numbers of one array as they are stored.</summary>
    public static byte[] ReadBytes(this IStateFile file, string name)
    {
        var bytes = new byte[checked(file.ShapeOf(name).Elements * file.TypeOf(name).Size())];
        file.ReadBytes(name, bytes);
        return bytes;
    }

    internal static T Open<T>(string path, Func<MappedFile, T> read)
    {
        var file = MappedFile.Open(path);
        try
        {
            return read(file);
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is FormatException or InvalidDataException) throw new StateFileException(path, e.Message, e);
            throw;
        }
    }

    static IStateFile Read(MappedFile file)
    {
        var start = file.Span(0, Math.Min(file.Length, 512));
        if (start.IsEmpty) throw new FormatException("is empty");
        if (start.StartsWith("PK"u8)) return ReadZip(file);
        if (PyTorchLegacy.Begins(start)) return PyTorchLegacy.Read(file);
        if (start.Length > 262 && start[257..262].SequenceEqual("ustar"u8))
            throw new FormatException("is a tar archive, PyTorch's oldest layout: load it with an old PyTorch and save it again, or convert it to safetensors");
        foreach (var (begins, what) in s_others)
            if (start.StartsWith(begins)) throw new FormatException($"{what}, not one of {Known}");
        if (start.Length < 9 || start[8] == '{') return new SafetensorsFile(file);
        throw new FormatException($"is none of {Known}: it begins with {Quoted(start)}");
    }

    static ArrayFile ReadZip(MappedFile file)
    {
        var entries = ZipDirectory.Read(file);
        if (PyTorchZip.Root(entries) is { } root) return PyTorchZip.Read(file, entries, root);
        if (entries.Count > 0 && entries.Keys.All(n => n.EndsWith(".npy", StringComparison.Ordinal))) return NumPyZip.Read(file, entries);
        throw new FormatException("is a zip archive, but neither PyTorch's (data.pkl) nor NumPy's (.npy)");
    }

    static string Quoted(ReadOnlySpan<byte> start)
    {
        var text = new StringBuilder("'");
        foreach (byte b in start[..Math.Min(8, start.Length)]) text.Append(b is >= 32 and < 127 ? $"{(char)b}" : $"\\x{b:x2}");
        return text.Append('\'').ToString();
    }
}
