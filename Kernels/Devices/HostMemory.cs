using System.Runtime.InteropServices;

namespace IlgpuXai.Kernels;

/// <summary>The processor's memory. Large blocks are aligned to huge pages, and Linux is asked to back them with such.</summary>
sealed unsafe partial class HostMemory : IMemory
{
    const int HugePage = 2 << 20, AdviseHugePages = 14;      // MADV_HUGEPAGE

    public nint Reserve(long bytes)
    {
        try
        {
            bool large = bytes >= HugePage;
            void* p = NativeMemory.AlignedAlloc((nuint)bytes, large ? HugePage : 64u);
            if (large && OperatingSystem.IsLinux()) _ = Advise((nint)p, (nuint)bytes, AdviseHugePages);    // advice: a refusal costs only speed
            return (nint)p;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    public void Release(nint address, long bytes) => NativeMemory.AlignedFree((void*)address);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
