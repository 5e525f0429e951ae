using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>The device has no memory left for a buffer.</summary>
public sealed class OutOfDeviceMemoryException(long bytes, long live)
    : Exception($"no memory for a buffer of {bytes / 1048576.0:n1} MiB ({live / 1048576.0:n1} MiB are in use)");

/// <summary>Keeps returned memory for the next request of about its size: fresh pages cost more than most kernels.</summary>
/// <remarks>
/// Sizes are rounded up to 1/8 of their power of two (at most 12.5 % lost), at least 256 bytes; where none of that size is kept, one up to half as large again is taken, so that
/// work whose sizes drift does not leave a trail of blocks. Safe from several threads.
/// Blocks that come back after the pool was disposed are released at once.
/// </remarks>
sealed unsafe class MemoryPool(IViewMemory memory) : IDisposable
{
    readonly Dictionary<long, Stack<ArrayView<byte>>> _free = [];

    // Blocks that were handed out for less than they are, by address.
    readonly Dictionary<nint, ArrayView<byte>> _larger = [];
    readonly Lock _lock = new();
    bool _disposed;

    public long LiveBytes { get; private set; }
    public long PeakBytes { get; private set; }
    public long ReservedBytes { get; private set; }

    public void ResetPeak() { lock (_lock) PeakBytes = LiveBytes; }

    public ArrayView<byte> Take(long bytes)
    {
        long size = SizeClass(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Device));
            var block = Kept(size) ?? Fresh(size);
            LiveBytes += size;
            PeakBytes = Math.Max(PeakBytes, LiveBytes);
            return block;
        }
    }

    public void Return(ArrayView<byte> block)
    {
        lock (_lock)
        {
            LiveBytes -= block.Length;
            if (_larger.Remove((nint)block.Data, out var whole)) block = whole;
            if (_disposed)
            {
                Release(block);
                return;
            }
            if (!_free.TryGetValue(block.Length, out var stack)) _free[block.Length] = stack = new();
            stack.Push(block);
        }
    }

    public void Trim()
    {
        lock (_lock)
            foreach (var stack in _free.Values)
                while (stack.TryPop(out var block)) Release(block);
    }

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        Trim();
    }

    void Release(ArrayView<byte> block)
    {
        memory.Release(block);
        ReservedBytes -= block.Length;
    }

    ArrayView<byte> Fresh(long size)
    {
        var block = memory.Reserve(size);
        if (block.Length == 0)
        {
            Trim();
            block = memory.Reserve(size);
        }
        if (block.Length == 0) throw new OutOfDeviceMemoryException(size, LiveBytes);
        ReservedBytes += size;
        return block;
    }

    ArrayView<byte>? Kept(long size)
    {
        for (long larger = size; larger <= size + size / 2; larger = SizeClass(larger + 1))
        {
            if (!_free.TryGetValue(larger, out var stack) || !stack.TryPop(out var block)) continue;
            if (larger == size) return block;
            _larger[(nint)block.Data] = block;
            return block.SubView(0, size);
        }
        return null;
    }

    static long SizeClass(long bytes)
    {
        const long least = 256;
        if (bytes <= least) return least;
        long step = Math.Max(least, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }
}
