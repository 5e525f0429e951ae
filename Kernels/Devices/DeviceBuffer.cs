using System.Runtime.CompilerServices;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Memory of a device, returned to its pool by <see cref="Dispose"/>.</summary>
public sealed class DeviceBuffer<T> : IDisposable where T : unmanaged
{
    readonly MemoryPool _pool;
    readonly long _length;
    ArrayView<byte> _block;

    internal DeviceBuffer(MemoryPool pool, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _pool = pool;
        _length = length;
        _block = pool.Take(length * Unsafe.SizeOf<T>());
    }

    public ArrayView<T> View
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _block.Cast<T>().SubView(0, _length);
        }
    }

    public long Length => _length;
    public bool IsDisposed => _block.Length == 0;                        // no block is empty

    public void Dispose()
    {
        if (IsDisposed) return;
        _pool.Return(_block);
        _block = default;
    }
}
