using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuXai.Simt;

/// <summary>Views that name the place of a bad index, and the memories of group and thread. See <see cref="IntrinsicTable"/> for names and arguments.</summary>
static unsafe class MemoryIntrinsics
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    static ref T Element<T>(ArrayView<T> view, long index, int site) where T : unmanaged
    {
        if ((ulong)index >= (ulong)view.Length) KernelFault.ThrowIndex(index, view.Data, view.Length, site);
        return ref view.Data[index];
    }

    [MethodImpl(Inline)] internal static ref T ArrayView_Item<T>(ref ArrayView<T> view, int index, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => ref Element(view, index, site);
    [MethodImpl(Inline)] internal static ref T ArrayView_Item<T>(ref ArrayView<T> view, long index, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => ref Element(view, index, site);
    [MethodImpl(Inline)] internal static ref T ArrayView_Item<T>(ref ArrayView<T> view, Index1D index, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => ref Element(view, index.X, site);
    [MethodImpl(Inline)] internal static ref T ArrayView_Item<T>(ref ArrayView<T> view, LongIndex1D index, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => ref Element(view, index.X, site);

    [MethodImpl(Inline)]
    internal static ref T ArrayView1D_Item<T, TStride>(ref ArrayView1D<T, TStride> view, Index1D index, int site, GroupRunner group, ThreadFrame* t)
        where T : unmanaged where TStride : struct, IStride1D => ref Element(view.BaseView, index.X, site);

    [MethodImpl(Inline)]
    internal static ref T ArrayView1D_Item<T, TStride>(ref ArrayView1D<T, TStride> view, LongIndex1D index, int site, GroupRunner group, ThreadFrame* t)
        where T : unmanaged where TStride : struct, IStride1D => ref Element(view.BaseView, index.X, site);

    [MethodImpl(Inline)]
    static ArrayView<T> Part<T>(ArrayView<T> view, long index, long length, int site) where T : unmanaged
    {
        if (index < 0 || length < 0 || index > view.Length - length) KernelFault.ThrowSubView(index, length, view.Data, view.Length, site);
        return new(view.Data + index, length);
    }

    internal static ArrayView<T> ArrayView_SubView<T>(ref ArrayView<T> view, long index, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Part(view, index, view.Length - index, site);
    internal static ArrayView<T> ArrayView_SubView<T>(ref ArrayView<T> view, int index, int length, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Part(view, index, length, site);
    internal static ArrayView<T> ArrayView_SubView<T>(ref ArrayView<T> view, long index, long length, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Part(view, index, length, site);

    internal static ArrayView1D<T, TStride> ArrayView1D_SubView<T, TStride>(ref ArrayView1D<T, TStride> view, Index1D index, Index1D extent, int site, GroupRunner group, ThreadFrame* t)
        where T : unmanaged where TStride : struct, IStride1D => new(Part(view.BaseView, index.X, extent.X, site));

    internal static ArrayView1D<T, TStride> ArrayView1D_SubView<T, TStride>(ref ArrayView1D<T, TStride> view, LongIndex1D index, LongIndex1D extent, int site, GroupRunner group, ThreadFrame* t)
        where T : unmanaged where TStride : struct, IStride1D => new(Part(view.BaseView, index.X, extent.X, site));

    internal static ref T SharedMemory_Allocate<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        ref *(T*)group.Memory.Shared(site, 1, sizeof(T));

    internal static ArrayView<T> SharedMemory_Allocate<T>(int extent, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        new((T*)group.Memory.Shared(site, extent, sizeof(T)), extent);

    internal static ArrayView1D<T, Stride1D.Dense> SharedMemory_Allocate1D<T>(Index1D extent, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        SharedMemory_Allocate<T>(extent.X, site, group, t);

    internal static ArrayView<T> SharedMemory_GetDynamic<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        new((T*)group.Memory.Dynamic, group.Memory.DynamicBytes / sizeof(T));

    internal static ArrayView<T> LocalMemory_Allocate<T>(int extent, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        new((T*)((byte*)t + group.Memory.LocalOffset(site, extent, sizeof(T))), extent);

    internal static ArrayView1D<T, Stride1D.Dense> LocalMemory_Allocate1D<T>(Index1D extent, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        LocalMemory_Allocate<T>(extent.X, site, group, t);

    /// <summary>A reference kept across a yield must not point into the method's own variables: they are gone by then.</summary>
    /// <remarks>Variables that such a reference surely points to live in the frame (<see cref="ResumableMethod"/>); this catches what that analysis missed.</remarks>
    internal static nuint Kept(nuint address)
    {
        const nuint StackReach = 1 << 20;
        byte here;
        if (address - ((nuint)(&here) - StackReach) < 2 * StackReach) KernelFault.Throw("a reference to a local variable lives across a barrier or exchange", -1);
        return address;
    }
}
