using System.Buffers.Binary;

namespace IlgpuXai.Engine;

/// <summary>A safetensors file, mapped into memory: 8 bytes length of the header, the header, the data of all arrays.</summary>
/// <remarks>Format: github.com/huggingface/safetensors. The header may be 100 MB at most.</remarks>
public sealed class SafetensorsFile : IStateFile
{
    const int LengthBytes = 8;
    const long LongestHeader = 100_000_000;

    readonly MappedFile _file;
    readonly SafetensorsHeader _header;
    readonly long _data;

    /// <exception cref="FormatException">It is malformed.</exception>
    internal SafetensorsFile(MappedFile file)
    {
        _file = file;
        if (file.Length < LengthBytes) throw new FormatException($"{file.Length} bytes are too few for a safetensors file");
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes));
        if (headerLength > (ulong)Math.Min(file.Length - LengthBytes, LongestHeader))
            throw new FormatException($"header of {headerLength} bytes is longer than {(headerLength > LongestHeader ? $"{LongestHeader}, the most allowed" : $"the {file.Length - LengthBytes} bytes that follow")}");
        _data = LengthBytes + (long)headerLength;
        _header = SafetensorsHeader.Parse(file.Span(LengthBytes, (long)headerLength), file.Length - _data);
    }

    /// <exception cref="StateFileException">There is no such file, it cannot be read, or it is malformed; one line says what.</exception>
    public static SafetensorsFile Open(string path) => StateFile.Open(path, static file => new SafetensorsFile(file));

    public string Path => _file.Path;
    public string Format => "safetensors";
    public IReadOnlyCollection<string> Names => _header.Entries.Keys;

    /// <summary>The free text of the file's header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public Shape ShapeOf(string name) => Entry(name).Shape;
    public DType TypeOf(string name) => Entry(name).Type;

    /// <summary>The stored bytes of an array, valid until the file is disposed.</summary>
    /// <exception cref="StateFileException">There are more than 2³¹ − 1 of them.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var e = Entry(name);
        if (e.End - e.Begin > int.MaxValue) throw new StateFileException(Path, $"'{name}' takes more than {int.MaxValue} bytes");
        return _file.Span(_data + e.Begin, e.End - e.Begin);
    }

    public void Read(string name, Span<float> values)
    {
        var e = Entry(name);
        if (e.Shape.Elements != values.Length) throw new ShapeException($"{Path}: '{name}' {e.Shape} does not fill {values.Length} values");
        e.Type.ToFloats(Bytes(name), values);
    }

    public void ReadBytes(string name, Span<byte> bytes)
    {
        var stored = Bytes(name);
        if (stored.Length != bytes.Length) throw new ShapeException($"{Path}: '{name}' takes {stored.Length} bytes, not {bytes.Length}");
        stored.CopyTo(bytes);
    }

    public void Dispose() => _file.Dispose();

    SafetensorsEntry Entry(string name) => _header.Entries.TryGetValue(name, out var e) ? e : throw new KeyNotFoundException($"{Path}: there is no '{name}'");
}
