using System.Runtime.InteropServices;

namespace IlgpuXai.Kernels;

/// <summary>Memory that the processor reaches: copies are plain copies, and nothing is asynchronous.</summary>
public abstract unsafe class HostMemory : IMemory
{
    public abstract nint Reserve(long bytes);
    public abstract void Release(nint address, long bytes);

    public void Upload(ReadOnlySpan<byte> from, nint to) => from.CopyTo(new Span<byte>((void*)to, from.Length));
    public void Download(nint from, Span<byte> to) => new ReadOnlySpan<byte>((void*)from, to.Length).CopyTo(to);
    public void Copy(nint from, nint to, long bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
    public void Fill(nint to, long count, float value) => new Span<float>((void*)to, checked((int)count)).Fill(value);
    public void Synchronize() { }
}

/// <summary>The processor's memory. Large blocks are aligned to huge pages, and Linux is asked to back them with such.</summary>
/// <remarks>
/// <see cref="Margin"/> bytes on either side of a block may be read (never written, and what they hold is undefined): code that works
/// on whole registers need not stop short of the last element.
/// </remarks>
sealed unsafe partial class PagedMemory : HostMemory
{
    public const int Margin = 256;
    const int HugePage = 2 << 20, AdviseHugePages = 14;      // MADV_HUGEPAGE

    public override nint Reserve(long bytes)
    {
        try
        {
            bool large = bytes >= HugePage;
            void* p = NativeMemory.AlignedAlloc((nuint)(bytes + 2 * Margin), large ? HugePage : 64u);
            if (large && OperatingSystem.IsLinux()) _ = Advise((nint)p, (nuint)(bytes + 2 * Margin), AdviseHugePages);    // advice: a refusal costs only speed
            return (nint)p + Margin;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    public override void Release(nint address, long bytes) => NativeMemory.AlignedFree((void*)(address - Margin));

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
