using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>Memory of a CUDA device. The host does not reach its addresses.</summary>
sealed class CudaMemory(CudaContext context) : IMemory
{
    public nint Reserve(long bytes) => context.Reserve(bytes);
    public void Release(nint address, long bytes) => context.Release(address);
    public void Upload(ReadOnlySpan<byte> from, nint to) => context.Upload(from, to);
    public void Download(nint from, Span<byte> to) => context.Download(from, to);
    public void Copy(nint from, nint to, long bytes) => context.Copy(from, to, bytes);
    public void Fill(nint to, long count, float value) => context.Fill(to, count, value);
    public void Synchronize() => context.Synchronize();
}
