using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IlgpuXai.Engine;

/// <summary>Collects arrays and writes them as one safetensors file, whole or not at all.</summary>
/// <remarks>Largest element type first, then by name, so that every array is aligned to its type and equal contents give equal bytes.</remarks>
public sealed class SafetensorsWriter
{
    const string MetadataKey = "__metadata__";

    readonly record struct Item(string Name, DType Type, Shape Shape, Func<byte[]> Bytes)
    {
        public long Size => (long)Shape.Elements * Type.Size();
    }

    readonly List<Item> _items = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal) { MetadataKey };

    /// <summary>Free text for the header, written in the order of the keys.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <param name="type">F64, F32, F16 or BF16; smaller types round to the nearest.</param>
    public void Add(string name, Shape shape, ReadOnlySpan<float> values, DType type = DType.F32) => Add(name, type, shape, type.FromFloats(values));

    public void Add(string name, Tensor tensor) => Add(name, tensor.Shape, tensor.ToArray());

    /// <summary>As I64.</summary>
    public void Add(string name, Shape shape, ReadOnlySpan<long> values) => Add(name, DType.I64, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>As U8.</summary>
    public void Add(string name, Shape shape, ReadOnlySpan<byte> values) => Add(name, DType.U8, shape, values.ToArray());

    /// <summary>An array of another file, read when this one is written.</summary>
    /// <param name="type">F64, F32, F16 or BF16, rounded to the nearest; null keeps the stored numbers. Arrays of whole numbers keep theirs.</param>
    public void Add(string name, IStateFile from, string stored, DType? type = null)
    {
        var (own, shape) = (from.TypeOf(stored), from.ShapeOf(stored));
        Add(type is { } other && other != own && own.HoldsFractions() ? new(name, other, shape, () => other.FromFloats(from.Read(stored))) : new(name, own, shape, () => from.ReadBytes(stored)));
    }

    /// <exception cref="StateFileException">The file cannot be written; nothing of it is left behind, and an older one stays.</exception>
    public void Write(string path)
    {
        string part = path + ".part";                       // fixed, so what a killed process left behind is replaced by the next attempt
        bool mine = false;
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                mine = true;
                WriteTo(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (mine) Remove(part);
            // The last of these is .NET's word for a file that grows beyond what the file system allows (EFBIG).
            if (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" }) throw new StateFileException(path, $"cannot be written: {e.Message}", e);
            throw;
        }
    }

    // The first failure is the one worth reporting.
    static void Remove(string part)
    {
        try { File.Delete(part); }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
    }

    public void WriteTo(Stream stream)
    {
        Item[] items = [.. _items.OrderByDescending(i => i.Type.Size()).ThenBy(i => i.Name, StringComparer.Ordinal)];
        byte[] header = Header(items);
        int padding = -header.Length & 7;                   // spaces: the data begins at a multiple of 8
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        for (int i = 0; i < padding; i++) stream.WriteByte((byte)' ');
        foreach (var item in items) stream.Write(item.Bytes());
    }

    byte[] Header(Item[] items)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, text) in Metadata) json.WriteString(key, text);
                json.WriteEndObject();
            }
            long begin = 0;
            foreach (var item in items)
            {
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", item.Type.Name());
                WriteNumbers(json, "shape", [.. item.Shape.Sizes.ToArray().Select(s => (long)s)]);
                WriteNumbers(json, "data_offsets", [begin, begin += item.Size]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    void Add(string name, DType type, Shape shape, byte[] bytes)
    {
        if (bytes.Length != (long)shape.Elements * type.Size()) throw new ShapeException($"safetensors: '{name}' {shape} of {type} takes {(long)shape.Elements * type.Size()} bytes, {bytes.Length} were given");
        Add(new(name, type, shape, () => bytes));
    }

    void Add(Item item)
    {
        if (!_names.Add(item.Name)) throw new ArgumentException($"safetensors: the name '{item.Name}' is taken");
        _items.Add(item);
    }

    static void WriteNumbers(Utf8JsonWriter json, string key, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
