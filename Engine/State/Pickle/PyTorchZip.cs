using System.Text;

namespace IlgpuXai.Engine;

/// <summary>What <c>torch.save</c> writes since version 1.6: a zip of <c>ROOT/data.pkl</c>, a pickle, and <c>ROOT/data/KEY</c>, one per storage, not compressed.</summary>
static class PyTorchZip
{
    const string Pickle = "/data.pkl";

    /// <summary>The folder inside the archive; null where it is not PyTorch's.</summary>
    public static string? Root(IReadOnlyDictionary<string, ZipEntry> entries) =>
        entries.Keys.Where(n => n.EndsWith(Pickle, StringComparison.Ordinal) && n.IndexOf('/', StringComparison.Ordinal) == n.Length - Pickle.Length).Select(n => n[..^Pickle.Length]).FirstOrDefault();

    public static ArrayFile Read(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries, string root)
    {
        if (entries.ContainsKey($"{root}/constants.pkl")) throw new FormatException("is a TorchScript program, not weights: save model.state_dict() instead");
        if (entries.TryGetValue($"{root}/byteorder", out var order) && Encoding.ASCII.GetString(order.Unpack().Span) is not "little" and var word)
            throw new FormatException($"was written on a machine of byte order '{PickledGlobals.Shown(word)}', only little is read");
        var (tensors, path) = StateDictionary.Find(new Unpickler(entries[root + Pickle].Unpack()).Load());
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors) arrays[name] = Named(name, () => Array(tensor, entries, root));
        return new(file, "PyTorch zip", arrays, path.Length == 0 ? new Dictionary<string, string>() : new() { ["entry"] = path });
    }

    static StoredArray Array(PickledTensor tensor, IReadOnlyDictionary<string, ZipEntry> entries, string root)
    {
        string key = PickledGlobals.Shown(tensor.Storage.Key);
        if (!entries.TryGetValue($"{root}/data/{tensor.Storage.Key}", out var entry)) throw new FormatException($"its storage {key} is missing");
        if (entry.Length < tensor.Storage.Bytes()) throw new FormatException($"its storage {key} has {entry.Length} bytes, {tensor.Storage.Bytes()} were expected");
        return PickledTensors.Array(tensor, entry.Unpack);
    }

    /// <summary>Says which array is meant where it cannot be.</summary>
    public static StoredArray Named(string name, Func<StoredArray> array)
    {
        try
        {
            return array();
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{PickledGlobals.Shown(name)}' {e.Message}", e);
        }
    }
}
