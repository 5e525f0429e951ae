using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>What the host's version of a kernel finds under the names Group, Grid, SharedMemory, LocalMemory and Shared.</summary>
/// <remarks>The text of a kernel speaks to statics, so the thread whose turn it is stands in one; each OS thread has its own.</remarks>
public sealed unsafe class HostThread : IDisposable
{
    [ThreadStatic] static HostThread? s_current;
    readonly List<nint> _blocks = [];
    readonly List<nint> _shared = [];
    int _allocations;

    internal Index2D GridDim, GridIdx, GroupDim, GroupIdx;

    internal static HostThread Current => s_current ?? throw new InvalidOperationException("no kernel runs on the host");

    internal HostThread() => s_current = this;

    /// <summary>Another group: its shared memory is new.</summary>
    internal void NextGroup() => _shared.Clear();

    /// <summary>The k-th allocation of every thread of a group is the same memory; threads ask for all of theirs in their first turn.</summary>
    internal void FirstTurn() => _allocations = 0;

    internal ArrayView<T> Shared<T>(int count) where T : unmanaged
    {
        if (_allocations == _shared.Count) _shared.Add((nint)Local<T>(count).Data);
        return new((T*)_shared[_allocations++], count);
    }

    internal ArrayView<T> Local<T>(int count) where T : unmanaged
    {
        var block = (T*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(T)), 16);
        new Span<byte>(block, count * sizeof(T)).Fill(0xA5);
        _blocks.Add((nint)block);
        return new(block, count);
    }

    public void Dispose()
    {
        foreach (nint block in _blocks) NativeMemory.AlignedFree((void*)block);
        s_current = null;
    }
}

public static class HostGroup
{
    public static int IdxX => HostThread.Current.GroupIdx.X;
    public static int IdxY => HostThread.Current.GroupIdx.Y;
    public static int DimX => HostThread.Current.GroupDim.X;
    public static int DimY => HostThread.Current.GroupDim.Y;
    public static int LinearIndex => IdxY * DimX + IdxX;
}

public static class HostGrid
{
    public static int IdxX => HostThread.Current.GridIdx.X;
    public static int IdxY => HostThread.Current.GridIdx.Y;
    public static int DimX => HostThread.Current.GridDim.X;
    public static int LinearIndex => IdxY * DimX + IdxX;
    public static int GlobalLinearIndex => LinearIndex * HostGroup.DimX * HostGroup.DimY + HostGroup.LinearIndex;
}

public static class HostSharedMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => HostThread.Current.Shared<T>(extent);
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => HostThread.Current.Shared<T>(extent);
}

public static class HostLocalMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => HostThread.Current.Local<T>(extent);
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => HostThread.Current.Local<T>(extent);
}

/// <summary>A helper with barriers.</summary>
public static class Shared
{
    public static void Turn<T>(ArrayView<T> tile, int at, T value) where T : unmanaged
    {
        Group.Barrier();
        tile[at] = value;
        Group.Barrier();
    }
}

/// <summary>The same as an iterator that stops where a thread waits.</summary>
public static class HostShared
{
    public static IEnumerable<int> Turn<T>(ArrayView<T> tile, int at, T value) where T : unmanaged
    {
        yield return 0;
        tile[at] = value;
        yield return 0;
    }
}
