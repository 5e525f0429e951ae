using System.Buffers.Binary;
using System.Numerics;

namespace IlgpuXai.Engine;

/// <summary>What <c>torch.save</c> wrote before version 1.6: pickles of a magic number, the format's version, the machine, the object and the keys of its storages, then the storages, each its count and its numbers.</summary>
static class PyTorchLegacy
{
    const long Version = 1001;
    static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);      // 0x1950a86a20f9469cfc6c

    /// <summary>Whether a file begins as pickles do: by their protocol, or, in protocol 1, by the magic number itself.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start is [0x80, >= 2 and <= 9, ..] && (start.Length < 9 || start[8] != '{') || start.StartsWith("L119547037146038801333356L\n"u8);

    public static ArrayFile Read(MappedFile file)
    {
        var reader = new Unpickler(file.Memory(0, Math.Min(file.Length, int.MaxValue)));
        if (reader.Load() is not BigInteger magic || magic != s_magic) throw new FormatException("is a pickle, but not one that torch.save wrote: save model.state_dict() with torch.save, or weights as safetensors");
        if (reader.Load() is not (long and Version)) throw new FormatException($"is of another version of PyTorch's format than {Version}");
        if (reader.Load() is PickledDictionary machine && machine["little_endian"] is false) throw new FormatException("was written on a machine of byte order 'big', only little is read");
        object? loaded = reader.Load();
        var (tensors, path) = StateDictionary.Find(loaded);
        var begins = Storages(file, reader);
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors) arrays[name] = PyTorchZip.Named(name, () => Array(file, tensor, begins));
        return new(file, "PyTorch before 1.6", arrays, path.Length == 0 ? new Dictionary<string, string>() : new() { ["entry"] = path });
    }

    static StoredArray Array(MappedFile file, PickledTensor tensor, Dictionary<string, long> begins)
    {
        if (!begins.TryGetValue(tensor.Storage.Key, out long begin)) throw new FormatException($"its storage {PickledGlobals.Shown(tensor.Storage.Key)} is missing");
        var bytes = file.Memory(begin, tensor.Storage.Bytes());
        return PickledTensors.Array(tensor, () => bytes);
    }

    // Where the numbers of each storage begin.
    static Dictionary<string, long> Storages(MappedFile file, Unpickler reader)
    {
        var known = new Dictionary<string, PickledStorage>(reader.Storages, StringComparer.Ordinal);
        if (reader.Load() is not List<object?> keys) throw new FormatException("is damaged: the list of its storages is missing");
        var begins = new Dictionary<string, long>(StringComparer.Ordinal);
        long at = reader.Position;
        foreach (object? item in keys)
        {
            if (item is not string key || !known.TryGetValue(key, out var storage)) throw new FormatException("is damaged: it lists a storage of no tensor");
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Span(at, sizeof(long)));
            if (count != storage.Count) throw new FormatException($"is damaged: storage {PickledGlobals.Shown(key)} has {count} numbers, {storage.Count} were expected");
            at += sizeof(long);
            if (!begins.TryAdd(key, at)) throw new FormatException($"is damaged: storage {PickledGlobals.Shown(key)} stands twice");
            if (storage.Bytes() > file.Length - at) throw new FormatException($"is truncated inside storage {PickledGlobals.Shown(key)}");
            at += storage.Bytes();
        }
        return begins;
    }
}
