using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace IlgpuXai.Engine;

/// <summary>A safetensors file, mapped into memory: 8 bytes length of the header, the header, the data of all arrays.</summary>
/// <remarks>Format: github.com/huggingface/safetensors. The header may be 100 MB at most.</remarks>
public sealed unsafe class SafetensorsFile : IStateFile, IDisposable
{
    const int LengthBytes = 8;
    const long LongestHeader = 100_000_000;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly SafetensorsHeader _header;
    readonly byte* _data;

    SafetensorsFile(string path, MemoryMappedFile file, long length)
    {
        (Path, _file) = (path, file);
        _view = ViewOf(file);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new(start, LengthBytes));
            if (headerLength > (ulong)Math.Min(length - LengthBytes, LongestHeader))
                throw new FormatException($"header of {headerLength} bytes is longer than {(headerLength > LongestHeader ? $"{LongestHeader}, the most allowed" : $"the {length - LengthBytes} bytes that follow")}");
            _header = SafetensorsHeader.Parse(new(start + LengthBytes, (int)headerLength), length - LengthBytes - (long)headerLength);
            _data = start + LengthBytes + headerLength;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="StateFileException">There is no such file, it cannot be read, or it is malformed; one line says what.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length < LengthBytes) throw new FormatException($"{stream.Length} bytes are too few for a safetensors file");
            return new(path, MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false), stream.Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StateFileException(path, "there is no such file", e);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StateFileException(path, e.Message, e);
        }
    }

    static MemoryMappedViewAccessor ViewOf(MemoryMappedFile file)
    {
        try
        {
            return file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path { get; }
    public IReadOnlyCollection<string> Names => _header.Entries.Keys;

    /// <summary>The free text of the file's header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public Shape ShapeOf(string name) => Entry(name).Shape;
    public DType TypeOf(string name) => Entry(name).Type;

    /// <summary>The stored bytes of an array, valid until the file is disposed.</summary>
    /// <exception cref="NotSupportedException">There are more than 2³¹ − 1 of them.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var e = Entry(name);
        if (e.End - e.Begin > int.MaxValue) throw new NotSupportedException($"{Path}: '{name}' takes more than {int.MaxValue} bytes");
        ObjectDisposedException.ThrowIf(_view.SafeMemoryMappedViewHandle.IsClosed, this);
        return new(_data + e.Begin, (int)(e.End - e.Begin));
    }

    public void Read(string name, Span<float> values)
    {
        var e = Entry(name);
        if (e.Shape.Elements != values.Length) throw new ShapeException($"{Path}: '{name}' {e.Shape} does not fill {values.Length} values");
        e.Type.ToFloats(Bytes(name), values);
    }

    public float[] Read(string name)
    {
        var values = new float[ShapeOf(name).Elements];
        Read(name, values);
        return values;
    }

    public void Dispose()
    {
        if (!_view.SafeMemoryMappedViewHandle.IsClosed) _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    SafetensorsEntry Entry(string name) => _header.Entries.TryGetValue(name, out var e) ? e : throw new KeyNotFoundException($"{Path}: there is no '{name}'");
}
