using System.Runtime.InteropServices;

namespace IlgpuXai.Kernels;

/// <summary>The processor's memory. Large blocks are aligned to huge pages, and Linux is asked to back them with such.</summary>
/// <remarks>
/// <see cref="Margin"/> bytes on either side of a block may be read (never written, and what they hold is undefined): code that works
/// on whole registers need not stop short of the last element.
/// </remarks>
sealed unsafe partial class HostMemory : IMemory
{
    public const int Margin = 256;
    const int HugePage = 2 << 20, AdviseHugePages = 14;      // MADV_HUGEPAGE

    public nint Reserve(long bytes)
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

    public void Release(nint address, long bytes) => NativeMemory.AlignedFree((void*)(address - Margin));

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
