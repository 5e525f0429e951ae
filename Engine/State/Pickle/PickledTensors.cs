using System.Collections.Immutable;

namespace IlgpuXai.Engine;

/// <summary>Tensors and storages as PyTorch pickles them.</summary>
static class PickledTensors
{
    /// <summary>PyTorch's own limit.</summary>
    public const int MostAxes = 64;

    /// <summary>A type's name, and that of its storage's class without <c>Storage</c>.</summary>
    public static ImmutableArray<(string Word, string Storage, DType Type)> Types { get; } =
    [
        ("float64", "Double", DType.F64), ("float32", "Float", DType.F32), ("float16", "Half", DType.F16), ("bfloat16", "BFloat16", DType.BF16),
        ("int64", "Long", DType.I64), ("int32", "Int", DType.I32), ("int16", "Short", DType.I16), ("int8", "Char", DType.I8), ("uint8", "Byte", DType.U8), ("bool", "Bool", DType.Bool),
    ];

    /// <summary>A persistent id: ("storage", class, key, device, how many numbers), where older files add (key, offset, how many) of a view.</summary>
    /// <param name="known">Where it is noted.</param>
    public static PickledStorage Storage(object? id, Dictionary<string, PickledStorage> known)
    {
        if (id is object?[] and ["module", ..]) throw PickledGlobals.RefusedObject("a class with its source");
        if (id is not object?[] tuple || tuple is not ["storage", StorageClass kind, string key, _, long count, ..]) throw PickledGlobals.Refused("a persistent id that is no storage");
        if (count < 0) throw new FormatException($"is a damaged pickle: a storage of {count} numbers");
        long offset = 0;
        if (tuple is [_, _, _, _, _, object?[] view])
            offset = view is [_, long begin, long length] && begin >= 0 && length >= 0 && begin <= count && length <= count - begin ? begin : throw new FormatException("is a damaged pickle: a view beyond its storage");
        var storage = new PickledStorage(key, kind.Type, count, offset);
        if (!known.TryAdd(key, storage) && known[key] is var other && (other.Type, other.Count) != (storage.Type, storage.Count))
            throw new FormatException($"is a damaged pickle: storage {PickledGlobals.Shown(key)} has two types or sizes");
        return storage;
    }

    /// <summary>(storage, offset, sizes, strides, …), the type of a storage of bytes at <paramref name="typeAt"/>.</summary>
    public static PickledTensor Tensor(Unpickler reader, object?[] arguments, int? typeAt)
    {
        if (arguments is not [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..]) throw new FormatException("is a damaged pickle: a tensor without storage, offset, sizes and strides");
        if (sizes.Length > MostAxes || strides.Length > MostAxes) throw new FormatException($"is a damaged pickle: a tensor of {Math.Max(sizes.Length, strides.Length)} axes");
        reader.Copies(sizes.Length + strides.Length);
        var type = typeAt is { } at && arguments.Length > at ? arguments[at] as DType? : storage.Type;
        if (type is null) throw PickledGlobals.Refused("a tensor of bytes without a type");
        return new(storage, type.Value, offset, Whole(sizes), Whole(strides));
    }

    /// <summary>The tensor over the numbers of its storage.</summary>
    /// <param name="bytes">Those of the whole storage.</param>
    public static StoredArray Array(PickledTensor tensor, Func<ReadOnlyMemory<byte>> bytes)
    {
        var storage = tensor.Storage;
        if (storage.Type is { } type && type != tensor.Type) throw new FormatException($"is of type {tensor.Type} in a storage of {type}");
        long stored = storage.Type is null ? storage.Count / tensor.Type.Size() : storage.Count;
        if (tensor.Offset < 0 || tensor.Offset > stored) throw new FormatException($"begins at number {tensor.Offset} of {stored}");
        return new(tensor.Type, tensor.Sizes, tensor.Strides, storage.Offset + tensor.Offset, stored, bytes);
    }

    /// <summary>Bytes of a storage.</summary>
    public static long Bytes(this PickledStorage storage)
    {
        int size = storage.Type?.Size() ?? 1;
        return storage.Count <= long.MaxValue / size ? storage.Count * size : throw new FormatException($"is a damaged pickle: a storage of {storage.Count} numbers");
    }

    static long[] Whole(object?[] numbers) => System.Array.ConvertAll(numbers, n => n is long v ? v : throw new FormatException("is a damaged pickle: a size or stride that is no whole number"));
}
