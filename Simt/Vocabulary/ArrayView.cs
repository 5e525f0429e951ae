using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>A window on device memory: an address and a length. It owns nothing.</summary>
/// <remarks>
/// The memory is native, so an address is an identity: it may live across a barrier, and tells the checker
/// which buffer an access belongs to.
/// </remarks>
public readonly unsafe struct ArrayView<T> where T : unmanaged
{
    readonly T* _data;
    readonly long _length;

    public ArrayView(T* data, long length)
    {
        _data = data;
        _length = length;
    }

    public static ArrayView<T> Empty => default;

    /// <summary>The first element's address, for host code and device bindings; kernels index.</summary>
    public T* Data => _data;

    public bool IsValid => _data != null;
    public long Length => _length;
    public int IntLength => (int)_length;
    public long LengthInBytes => _length * sizeof(T);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)(long)index >= (ulong)_length) ViewBounds.Throw(index, _length);
            return ref _data[index];
        }
    }

    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)_length) ViewBounds.Throw(index, _length);
            return ref _data[index];
        }
    }

    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index > _length - length) ViewBounds.Throw(index, length, _length);
        return new(_data + index, length);
    }

    public ArrayView<T> SubView(int index, int length) => SubView((long)index, length);
    public ArrayView<T> SubView(long index) => SubView(index, _length - index);

    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged => new((TOther*)_data, LengthInBytes / sizeof(TOther));
}

static class ViewBounds
{
    // One block that ends in a throw, and not NoInlining: the JIT then knows that the call never returns and
    // keeps the hot loop around an indexer in registers.
    public static void Throw(long index, long length) => throw new ArgumentOutOfRangeException(nameof(index), $"index {index} outside a view of {length} elements");

    public static void Throw(long index, long count, long length) =>
        throw new ArgumentOutOfRangeException(nameof(index), $"sub-view [{index}, {index + count}) outside a view of {length} elements");
}
