using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuXai.Kernels;

/// <summary>An accelerator's memory; a block is one of its buffers.</summary>
sealed class IlgpuMemory(Accelerator accelerator) : IViewMemory
{
    public ArrayView<byte> Reserve(long bytes)
    {
        try
        {
            return accelerator.AllocateRaw(bytes, 1).AsRawArrayView();
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)      // each accelerator has its own way to say that there is no more
        {
            return default;
        }
    }

    public void Release(ArrayView<byte> block) => ((IArrayView)block).Buffer.Dispose();

    public void Upload(ReadOnlySpan<byte> from, ArrayView<byte> to) => to.CopyFromCPU(accelerator.DefaultStream, from);
    public void Download(ArrayView<byte> from, Span<byte> to) => from.CopyToCPU(accelerator.DefaultStream, to);
    public void Copy(ArrayView<byte> from, ArrayView<byte> to) => to.CopyFrom(accelerator.DefaultStream, from);
    public void Fill(View to, float value) => accelerator.Initialize(accelerator.DefaultStream, to, value);
    public void Synchronize() => accelerator.Synchronize();
}
