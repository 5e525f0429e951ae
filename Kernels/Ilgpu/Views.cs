using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace IlgpuXai.Kernels;

/// <summary>ILGPU's views for code that computes with addresses.</summary>
public static unsafe class Views
{
    extension<T>(ArrayView<T> view) where T : unmanaged
    {
        /// <summary>The first element's address; null for a view of nothing. Only host memory may be read through it.</summary>
        public T* Data => view.Length == 0 ? null : (T*)view.LoadEffectiveAddressAsPtr();
    }

    internal static ArrayView<byte> At(nint address, long bytes) => new(new HostBlock(address, bytes), 0, bytes);

    /// <summary>Memory that belongs to somebody else and to no accelerator.</summary>
    sealed class HostBlock : CPUMemoryBuffer
    {
        public HostBlock(nint address, long bytes) : base(null!, bytes, 1) => NativePtr = address;

        protected override void DisposeAcceleratorObject(bool disposing) { }
    }
}
