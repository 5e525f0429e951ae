using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace IlgpuXai.Engine;

/// <summary>A file mapped into memory, to be read.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile? _file;
    readonly MemoryMappedViewAccessor? _view;
    readonly byte* _start;
    bool _disposed;

    MappedFile(string path, FileStream stream)
    {
        (Path, Length) = (path, stream.Length);
        if (Length == 0) return;                         // nothing cannot be mapped
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }
        catch
        {
            _view?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <exception cref="StateFileException">There is no such file, or it cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        if (Directory.Exists(path)) throw new StateFileException(path, "is a folder, a file was expected");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new(path, stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StateFileException(path, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StateFileException(path, $"cannot be read: {e.Message}", e);
        }
    }

    public string Path { get; }
    public long Length { get; }

    /// <summary>Bytes begin … begin + length − 1, valid until the file is disposed.</summary>
    /// <exception cref="FormatException">The file is shorter, or there are more than 2³¹ − 1 of them.</exception>
    public ReadOnlySpan<byte> Span(long begin, long length)
    {
        Check(begin, length);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(_start + begin, (int)length);
    }

    /// <inheritdoc cref="Span"/>
    public ReadOnlyMemory<byte> Memory(long begin, long length)
    {
        Check(begin, length);
        return length == 0 ? default : new Stretch(this, begin, (int)length).Memory;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }

    void Check(long begin, long length)
    {
        if (begin < 0 || length < 0 || begin > Length || length > Length - begin) throw new FormatException($"is truncated or damaged: {length} bytes should lie at {begin}, the file has {Length}");
        if (length > int.MaxValue) throw new FormatException($"{length} bytes in one piece are more than {int.MaxValue}, the most that is read");
    }

    sealed class Stretch(MappedFile file, long begin, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan()
        {
            ObjectDisposedException.ThrowIf(file._disposed, file);
            return new(file._start + begin, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(file._start + begin + elementIndex);
        public override void Unpin() { }
        protected override void Dispose(bool disposing) { }
    }
}
