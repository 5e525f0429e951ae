using System.Buffers;
using System.Runtime.InteropServices;

namespace IlgpuXai.Engine;

/// <summary>An array inside stored bytes: element [i, j, …] is number offset + i·stride₀ + j·stride₁ + … of them.</summary>
sealed class StoredArray
{
    // An axis of stride 0 makes much of little; what is larger than this has to be there.
    const int MostOfNothing = 1 << 20;

    readonly Func<ReadOnlyMemory<byte>> _bytes;
    readonly long _offset;
    readonly long[] _strides;

    /// <param name="stored">How many numbers there are.</param>
    /// <param name="bytes">Them.</param>
    /// <exception cref="FormatException">The array reaches beyond them.</exception>
    public StoredArray(DType type, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, long offset, long stored, Func<ReadOnlyMemory<byte>> bytes)
    {
        if (sizes.Length != strides.Length) throw new FormatException($"has {sizes.Length} sizes and {strides.Length} strides");
        (Type, _offset, _bytes, _strides, Shape) = (type, offset, bytes, strides.ToArray(), ShapeOf(sizes));
        if (offset < 0) throw new FormatException($"begins at number {offset}");
        if (Shape.Elements == 0) return;
        Int128 last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (strides[i] < 0) throw new FormatException($"has a stride of {strides[i]}");
            last += (Int128)(sizes[i] - 1) * strides[i];
        }
        if (last >= stored) throw new FormatException($"{Shape} reaches to number {last} of {stored} that are stored");
        if (Shape.Elements > Math.Max(stored, MostOfNothing)) throw new FormatException($"{Shape} repeats {stored} stored numbers more often than is read");
    }

    /// <summary>The strides of an array whose numbers lie one after the other.</summary>
    public static long[] RowMajor(ReadOnlySpan<long> sizes)
    {
        var strides = new long[sizes.Length];
        for (long i = sizes.Length - 1, stride = 1; i >= 0; stride = unchecked(stride * Math.Max(1, sizes[(int)i])), i--) strides[i] = stride;
        return strides;
    }

    public DType Type { get; }
    public Shape Shape { get; }

    public void Read(Span<float> values)
    {
        if (IsRowMajor)
        {
            Type.ToFloats(Stretch(), values);
            return;
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(checked(values.Length * Type.Size()));
        try
        {
            var bytes = rented.AsSpan(0, values.Length * Type.Size());
            Gather(bytes);
            Type.ToFloats(bytes, values);
        }
        finally { ArrayPool<byte>.Shared.Return(rented); }
    }

    public void ReadBytes(Span<byte> bytes)
    {
        if (IsRowMajor) Stretch().CopyTo(bytes);
        else Gather(bytes);
    }

    bool IsRowMajor
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Rank - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && _strides[i] != expected) return Shape.Elements == 0;
                expected *= Shape[i];
            }
            return true;
        }
    }

    ReadOnlySpan<byte> Stretch() => Shape.Elements == 0 ? default
        : _bytes().Span.Slice(checked((int)(_offset * Type.Size())), checked(Shape.Elements * Type.Size()));

    void Gather(Span<byte> to)
    {
        var from = _bytes().Span;
        switch (Type.Size())
        {
            case 8: Gather<ulong>(from, to); break;
            case 4: Gather<uint>(from, to); break;
            case 2: Gather<ushort>(from, to); break;
            default: Gather<byte>(from, to); break;
        }
    }

    void Gather<T>(ReadOnlySpan<byte> fromBytes, Span<byte> toBytes) where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(fromBytes);
        var to = MemoryMarshal.Cast<byte, T>(toBytes);
        Span<int> index = stackalloc int[_strides.Length];          // as many as a pickle may name: 64
        index.Clear();
        long at = _offset;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[(int)at];
            for (int d = index.Length - 1; d >= 0; d--)
            {
                at += _strides[d];
                if (++index[d] < Shape[d]) break;
                at -= _strides[d] * Shape[d];
                index[d] = 0;
            }
        }
    }

    static Shape ShapeOf(ReadOnlySpan<long> sizes)
    {
        Int128 count = 1;
        foreach (long size in sizes)
        {
            if (size is < 0 or > int.MaxValue) throw new FormatException($"has an axis of size {size}");
            count = Int128.Min(count * Math.Max(1, size), (Int128)1 << 64);
        }
        if (count > int.MaxValue) throw new FormatException($"[{string.Join(", ", sizes.ToArray())}] has more than {int.MaxValue} elements");
        return Shape.Create([.. sizes.ToArray().Select(s => (int)s)]);
    }
}

/// <summary>Arrays that a foreign file holds.</summary>
sealed class ArrayFile(MappedFile file, string format, IReadOnlyDictionary<string, StoredArray> arrays, IReadOnlyDictionary<string, string> metadata) : IStateFile
{
    public string Path => file.Path;
    public string Format => format;
    public IReadOnlyDictionary<string, string> Metadata => metadata;
    public IReadOnlyCollection<string> Names { get; } = [.. arrays.Keys];

    public Shape ShapeOf(string name) => Array(name).Shape;
    public DType TypeOf(string name) => Array(name).Type;

    public void Read(string name, Span<float> values)
    {
        var array = Array(name);
        if (array.Shape.Elements != values.Length) throw new ShapeException($"{Path}: '{name}' {array.Shape} does not fill {values.Length} values");
        try { array.Read(values); }
        catch (Exception e) when (e is FormatException or InvalidDataException or OverflowException) { throw new StateFileException(Path, $"'{name}': {e.Message}", e); }
    }

    public void ReadBytes(string name, Span<byte> bytes)
    {
        var array = Array(name);
        if ((long)array.Shape.Elements * array.Type.Size() != bytes.Length) throw new ShapeException($"{Path}: '{name}' {array.Shape} of {array.Type} does not take {bytes.Length} bytes");
        try { array.ReadBytes(bytes); }
        catch (Exception e) when (e is FormatException or InvalidDataException or OverflowException) { throw new StateFileException(Path, $"'{name}': {e.Message}", e); }
    }

    public void Dispose() => file.Dispose();

    StoredArray Array(string name) => arrays.TryGetValue(name, out var array) ? array : throw new KeyNotFoundException($"{Path}: there is no '{name}'");
}
