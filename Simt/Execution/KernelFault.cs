namespace IlgpuXai.Simt;

/// <summary>Raised inside a kernel that cannot go on; the runner knows the thread and turns it into a <see cref="SimtException"/>.</summary>
sealed unsafe class KernelFault : Exception
{
    KernelFault(string message, int site, void* view) : base(message) => (Site, View) = (site, (nuint)view);

    /// <summary>The instruction, as numbered by <see cref="KernelCode.Sites"/>.</summary>
    public int Site { get; }

    /// <summary>Where the view in question begins; 0 if there is none.</summary>
    public nuint View { get; }

    // One block that ends in a throw, and not NoInlining: the JIT then knows that the call never returns and
    // keeps the hot loop around an indexer in registers.
    public static void ThrowIndex(long index, void* view, long length, int site) =>
        throw new KernelFault($"index {index} outside a view of {length} elements", site, view);

    public static void ThrowSubView(long index, long count, void* view, long length, int site) =>
        throw new KernelFault($"sub-view [{index}, {index + count}) outside a view of {length} elements", site, view);

    public static void Throw(string message, int site) => throw new KernelFault(message, site, null);
}
