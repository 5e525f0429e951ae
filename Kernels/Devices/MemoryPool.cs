namespace IlgpuXai.Kernels;

/// <summary>The device has no memory left for a buffer.</summary>
public sealed class OutOfDeviceMemoryException(long bytes, long live)
    : Exception($"no memory for a buffer of {bytes / 1048576.0:n1} MiB ({live / 1048576.0:n1} MiB are in use)");

/// <summary>Keeps returned memory for the next request of the same size class: fresh pages cost more than most kernels.</summary>
/// <remarks>
/// Sizes are rounded up to 1/8 of their power of two (at most 12.5 % lost), at least 256 bytes. Safe from several threads.
/// Blocks that come back after the pool was disposed are released at once.
/// </remarks>
sealed class MemoryPool(IMemory memory) : IDisposable
{
    public readonly record struct Block(nint Address, long Bytes);

    readonly Dictionary<long, Stack<nint>> _free = [];
    readonly Lock _lock = new();
    bool _disposed;

    public long LiveBytes { get; private set; }
    public long PeakBytes { get; private set; }
    public long ReservedBytes { get; private set; }

    public void ResetPeak() { lock (_lock) PeakBytes = LiveBytes; }

    public Block Take(long bytes)
    {
        long size = SizeClass(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Device));
            nint address = _free.TryGetValue(size, out var stack) && stack.Count > 0 ? stack.Pop() : Fresh(size);
            LiveBytes += size;
            PeakBytes = Math.Max(PeakBytes, LiveBytes);
            return new(address, size);
        }
    }

    public void Return(Block block)
    {
        lock (_lock)
        {
            LiveBytes -= block.Bytes;
            if (_disposed)
            {
                Release(block);
                return;
            }
            if (!_free.TryGetValue(block.Bytes, out var stack)) _free[block.Bytes] = stack = new();
            stack.Push(block.Address);
        }
    }

    public void Trim()
    {
        lock (_lock)
            foreach (var (size, stack) in _free)
                while (stack.TryPop(out nint address)) Release(new(address, size));
    }

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        Trim();
    }

    void Release(Block block)
    {
        memory.Release(block.Address, block.Bytes);
        ReservedBytes -= block.Bytes;
    }

    nint Fresh(long size)
    {
        nint address = memory.Reserve(size);
        if (address == 0)
        {
            Trim();
            address = memory.Reserve(size);
        }
        if (address == 0) throw new OutOfDeviceMemoryException(size, LiveBytes);
        ReservedBytes += size;
        return address;
    }

    static long SizeClass(long bytes)
    {
        const long least = 256;
        if (bytes <= least) return least;
        long step = Math.Max(least, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }
}
