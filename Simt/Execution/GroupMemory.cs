using System.Runtime.InteropServices;

namespace IlgpuXai.Simt;

/// <summary>The shared memory of the running group, and the layout of each thread's local memory.</summary>
/// <remarks>
/// Every Allocate in the source gets its place when it is first reached, so sizes may come from static abstract
/// constants; the places stay the same for all groups of a launch. Dynamic shared memory lies in front.
/// </remarks>
sealed unsafe class GroupMemory : IDisposable
{
    /// <summary>What one group may have in all; the most that current GPUs give.</summary>
    public const int SharedCapacity = 227 * 1024;

    /// <summary>What one thread may have in all.</summary>
    public const int LocalCapacity = 8192;

    readonly byte* _shared;
    readonly int _localStart;
    readonly int[] _sharedOffsets, _localOffsets;
    readonly List<(int Offset, int Extent, int ElementBytes, int Site)> _allocations = [];
    int _sharedUsed, _localUsed;

    public GroupMemory(KernelCode code, int dynamicBytes, int localStart)
    {
        HasShared = code.UsesSharedMemory;
        DynamicBytes = dynamicBytes;
        _localStart = localStart;
        _sharedUsed = Aligned(dynamicBytes);
        _shared = HasShared ? (byte*)NativeMemory.AlignedAlloc(SharedCapacity, 128) : null;
        _sharedOffsets = new int[code.Sites.Count];
        _localOffsets = new int[code.Sites.Count];
        Array.Fill(_sharedOffsets, -1);
        Array.Fill(_localOffsets, -1);
    }

    public bool HasShared { get; }
    public byte* Base => _shared;
    public byte* Dynamic => _shared;
    public int DynamicBytes { get; }

    /// <summary>Bytes of local memory that threads have asked for so far.</summary>
    public int LocalUsed => _localUsed;

    public byte* Shared(int site, int extent, int elementBytes)
    {
        if (_sharedOffsets[site] < 0) _sharedOffsets[site] = NewShared(site, extent, elementBytes);
        return _shared + _sharedOffsets[site];
    }

    /// <summary>From the beginning of a thread's frame.</summary>
    public int LocalOffset(int site, int extent, int elementBytes)
    {
        if (_localOffsets[site] < 0) _localOffsets[site] = NewLocal(site, extent, elementBytes);
        return _localOffsets[site];
    }

    int NewShared(int site, int extent, int elementBytes)
    {
        long end = _sharedUsed + (long)extent * elementBytes;
        if (extent < 0 || end > SharedCapacity) KernelFault.Throw($"{extent} elements of {elementBytes} bytes more of shared memory: a group has {SharedCapacity} bytes, {_sharedUsed} are taken", site);
        int offset = _sharedUsed;
        _allocations.Add((offset, extent, elementBytes, site));
        _sharedUsed = Aligned((int)end);
        return offset;
    }

    int NewLocal(int site, int extent, int elementBytes)
    {
        long end = _localUsed + (long)extent * elementBytes;
        if (extent < 0 || end > LocalCapacity) KernelFault.Throw($"{extent} elements of {elementBytes} bytes more of local memory: a thread has {LocalCapacity} bytes, {_localUsed} are taken", site);
        int offset = _localStart + _localUsed;
        _localUsed = Aligned((int)end);
        return offset;
    }

    static int Aligned(int bytes) => (bytes + 15) & ~15;

    /// <summary>Which element of which allocation an address is; null outside shared memory.</summary>
    public string? Describe(nuint address, KernelCode code)
    {
        if (Allocation(address) is not { } place) return null;
        return $"element {place.Element} of {place.Name(code)}";
    }

    /// <summary>The allocation that begins at an address; null if none does.</summary>
    public string? DescribeView(nuint address, KernelCode code) => Allocation(address)?.Name(code);

    Place? Allocation(nuint address)
    {
        nuint offset = address - (nuint)_shared;
        if (!HasShared || offset >= SharedCapacity) return null;
        foreach (var (start, extent, bytes, site) in _allocations)
            if (offset >= (nuint)start && offset < (nuint)(start + extent * bytes)) return new((long)(offset - (nuint)start) / bytes, site);
        return new((long)offset / 4, -1);
    }

    readonly record struct Place(long Element, int Site)
    {
        public string Name(KernelCode code) => Site < 0 ? "the dynamic shared memory (as 4-byte words)" : $"the shared memory allocated at {code.Sites[Site]}";
    }

    public void Dispose() => NativeMemory.AlignedFree(_shared);
}
