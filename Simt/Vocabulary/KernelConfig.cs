using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>How much shared memory a launch adds to what the kernel allocates: a count of elements and the size of one.</summary>
public readonly struct SharedMemoryConfig
{
    SharedMemoryConfig(int numElements, int elementSize)
    {
        NumElements = numElements;
        ElementSize = elementSize;
    }

    public static SharedMemoryConfig Empty => default;

    public int NumElements { get; }
    public int ElementSize { get; }

    /// <summary>Bytes in all.</summary>
    public int ArraySize => NumElements * ElementSize;

    public bool UsesDynamicSharedMemory => NumElements > 0;

    /// <summary>The kernel finds the memory with <see cref="SharedMemory.GetDynamic{T}"/>, as elements of any type.</summary>
    public static SharedMemoryConfig RequestDynamic<T>(int numElements) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numElements, 1);
        return new(numElements, Unsafe.SizeOf<T>());
    }
}

/// <summary>The shape of a launch: groups in the grid, threads in a group, dynamic shared memory.</summary>
public readonly struct KernelConfig(Index3D gridDim, Index3D groupDim, SharedMemoryConfig sharedMemoryConfig)
{
    public KernelConfig(Index3D gridDim, Index3D groupDim) : this(gridDim, groupDim, default) { }
    public KernelConfig(Index2D gridDim, Index2D groupDim) : this(gridDim, groupDim, default) { }
    public KernelConfig(Index1D gridDim, Index1D groupDim) : this(gridDim, groupDim, default) { }
    public KernelConfig(int gridDimX, int gridDimY, int gridDimZ, int groupDimX, int groupDimY, int groupDimZ)
        : this(new(gridDimX, gridDimY, gridDimZ), new Index3D(groupDimX, groupDimY, groupDimZ), default) { }

    public KernelConfig(Index2D gridDim, Index2D groupDim, SharedMemoryConfig sharedMemoryConfig)
        : this(new(gridDim.X, gridDim.Y, 1), new Index3D(groupDim.X, groupDim.Y, 1), sharedMemoryConfig) { }

    public KernelConfig(Index1D gridDim, Index1D groupDim, SharedMemoryConfig sharedMemoryConfig)
        : this(new(gridDim.X, 1, 1), new Index3D(groupDim.X, 1, 1), sharedMemoryConfig) { }

    public Index3D GridDim { get; } = gridDim;
    public Index3D GroupDim { get; } = groupDim;
    public SharedMemoryConfig SharedMemoryConfig { get; } = sharedMemoryConfig;

    public bool UsesDynamicSharedMemory => SharedMemoryConfig.UsesDynamicSharedMemory;

    /// <summary>Every extent is at least 1.</summary>
    public bool IsValid => Math.Min(GridDim.X, Math.Min(GridDim.Y, GridDim.Z)) > 0 && Math.Min(GroupDim.X, Math.Min(GroupDim.Y, GroupDim.Z)) > 0;

    /// <summary>Threads in all.</summary>
    public long Size => GridDim.LongSize * GroupDim.LongSize;

    public void Deconstruct(out Index3D gridDim, out Index3D groupDim) => (gridDim, groupDim) = (GridDim, GroupDim);

    public static implicit operator KernelConfig((Index1D Grid, Index1D Group) d) => new(d.Grid, d.Group);
    public static implicit operator KernelConfig((Index2D Grid, Index2D Group) d) => new(d.Grid, d.Group);
    public static implicit operator KernelConfig((Index3D Grid, Index3D Group) d) => new(d.Grid, d.Group);
    public static implicit operator KernelConfig((Index3D Grid, Index1D Group) d) => new(d.Grid, new Index3D(d.Group.X, 1, 1));
    public static implicit operator KernelConfig((Index3D Grid, Index2D Group) d) => new(d.Grid, new Index3D(d.Group.X, d.Group.Y, 1));
    public static implicit operator KernelConfig((Index1D Grid, Index1D Group, SharedMemoryConfig Shared) d) => new(d.Grid, d.Group, d.Shared);
    public static implicit operator KernelConfig((Index3D Grid, Index3D Group, SharedMemoryConfig Shared) d) => new(d.Grid, d.Group, d.Shared);
}
