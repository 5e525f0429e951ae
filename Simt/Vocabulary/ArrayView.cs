using System.Runtime.CompilerServices;
using IlgpuXai.Simt;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>A window on device memory: an address and a length. It owns nothing.</summary>
/// <remarks>
/// The memory is native, so an address is an identity: it may live across a barrier, and tells the checker
/// which buffer an access belongs to. Indexing outside [0, Length) throws.
/// </remarks>
public readonly unsafe struct ArrayView<T> : IAddressed where T : unmanaged
{
    readonly T* _data;
    readonly long _length;

    public ArrayView(T* data, long length)
    {
        _data = data;
        _length = length;
    }

    public static ArrayView<T> Empty => default;
    public static int ElementSize => sizeof(T);

    /// <summary>The first element's address, for host code and device bindings; kernels index.</summary>
    public T* Data => _data;

    public bool IsValid => _data != null;
    public long Length => _length;
    public int IntLength => (int)_length;
    public long LengthInBytes => _length * sizeof(T);
    public LongIndex1D Extent => _length;
    public Index1D IntExtent => IntLength;

    nuint IAddressed.Address => (nuint)_data;
    long IAddressed.Bytes => LengthInBytes;
    int IAddressed.ElementBytes => sizeof(T);

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

    public ref T this[Index1D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[index.X];
    }

    public ref T this[LongIndex1D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[index.X];
    }

    public ArrayView<T> SubView(long index, long subViewLength)
    {
        if (index < 0 || subViewLength < 0 || index > _length - subViewLength) ViewBounds.Throw(index, subViewLength, _length);
        return new(_data + index, subViewLength);
    }

    public ArrayView<T> SubView(int index, int subViewLength) => SubView((long)index, subViewLength);
    public ArrayView<T> SubView(long index) => SubView(index, _length - index);

    /// <summary>The same bytes as elements of another type; a rest smaller than one element is cut off.</summary>
    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged => new((TOther*)_data, LengthInBytes / sizeof(TOther));

    public static implicit operator ArrayView1D<T, Stride1D.Dense>(ArrayView<T> view) => new(view);
    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;
}

static class ViewBounds
{
    // One block that ends in a throw, and not NoInlining: the JIT then knows that the call never returns and
    // keeps the hot loop around an indexer in registers.
    public static void Throw(long index, long length) => throw new ArgumentOutOfRangeException(nameof(index), $"index {index} outside a view of {length} elements");

    public static void Throw(long index, long count, long length) =>
        throw new ArgumentOutOfRangeException(nameof(index), $"sub-view [{index}, {index + count}) outside a view of {length} elements");
}
