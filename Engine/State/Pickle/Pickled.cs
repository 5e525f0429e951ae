namespace IlgpuXai.Engine;

// What a pickle is made of here. Besides these: null, bool, long, BigInteger, double, string, byte[], DType, object?[] (a tuple) and List<object?> (a list or set).

/// <summary>A dictionary. Keys that are no strings name no tensor, and their values are dropped.</summary>
sealed class PickledDictionary
{
    public Dictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    public object? this[string key] => Items.GetValueOrDefault(key);

    public void Set(object? key, object? value)
    {
        if (key is string name) Items[name] = value;
    }
}

/// <summary>A class or function by its name, one of those that a checkpoint may use: what calling it gives.</summary>
sealed record PickledFunction(string Name, Func<Unpickler, object?[], object?> Call);

/// <summary>The class of a storage; null is one of bytes whose type the tensor names.</summary>
sealed record StorageClass(DType? Type);

/// <summary>Numbers that lie elsewhere in the file.</summary>
/// <param name="Key">Names them.</param>
/// <param name="Count">How many, of <paramref name="Type"/>; of bytes where that is null.</param>
/// <param name="Offset">Where a view of them begins.</param>
sealed record PickledStorage(string Key, DType? Type, long Count, long Offset);

/// <summary>A tensor: numbers, and how they are walked.</summary>
sealed record PickledTensor(PickledStorage Storage, DType Type, long Offset, long[] Sizes, long[] Strides);

/// <summary>A value that is understood and of no use here: a device, a layout, a class.</summary>
sealed record PickledOther(string What);
