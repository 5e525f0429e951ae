using System.Runtime.CompilerServices;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Memory of a device, returned to its pool by <see cref="Dispose"/>.</summary>
public sealed unsafe class DeviceBuffer<T> : IDisposable where T : unmanaged
{
    readonly MemoryPool _pool;
    readonly long _length;
    MemoryPool.Block _block;

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
            ObjectDisposedException.ThrowIf(_block.Address == 0, this);
            return new((T*)_block.Address, _length);
        }
    }

    public long Length => _length;
    public bool IsDisposed => _block.Address == 0;

    public void Dispose()
    {
        if (_block.Address == 0) return;
        _pool.Return(_block);
        _block = default;
    }
}
