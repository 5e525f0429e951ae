using ILGPU.Runtime;

namespace ILGPU;

/// <summary>Memory that all threads of a group share. Sizes are constants; a fresh allocation holds garbage.</summary>
public static class SharedMemory
{
    public static ref T Allocate<T>() where T : unmanaged => throw KernelOnly.Here(nameof(SharedMemory));
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => throw KernelOnly.Here(nameof(SharedMemory));
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => throw KernelOnly.Here(nameof(SharedMemory));

    /// <summary>The bytes that the launch asked for (<see cref="SharedMemoryConfig"/>), as elements of T; always the same memory.</summary>
    public static ArrayView<T> GetDynamic<T>() where T : unmanaged => throw KernelOnly.Here(nameof(SharedMemory));
}

/// <summary>Memory of one thread. Sizes are constants; a fresh allocation holds garbage.</summary>
public static class LocalMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => throw KernelOnly.Here(nameof(LocalMemory));
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => throw KernelOnly.Here(nameof(LocalMemory));
}
