using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Views over memory that has an address.</summary>
static unsafe class Views
{
    public static ArrayView<byte> At(nint address, long bytes) => new((byte*)address, bytes);
}
