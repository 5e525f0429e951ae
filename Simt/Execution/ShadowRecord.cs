using System.Runtime.CompilerServices;

namespace IlgpuXai.Simt;

/// <summary>One remembered access: when, where in the source, and by whom, in 64 bits.</summary>
/// <remarks>
/// <c>epoch:24 | site:13 | warp epoch:15 | crowd:2 | thread:10</c>. The epoch counts the intervals between group barriers over
/// all groups of a launch, so it also names the group; the warp epoch counts warp barriers since the last group barrier (two
/// accesses exactly 32768 warp barriers apart would look simultaneous). Crowd says for how many threads the record stands:
/// one, several of one warp since its last warp barrier, several warps; in the record of an earlier group 3 marks atomics.
/// </remarks>
readonly struct ShadowRecord(ulong bits)
{
    public const uint MaxEpoch = (1 << 24) - 1;
    const ulong WarpMask = 0x3e0, ThreadMask = 0x3ff, WarpEpochMask = 0x7fff, CrowdShift = 10;
    const ulong Several = 1UL << (int)CrowdShift, SeveralWarps = 2UL << (int)CrowdShift, AtomicMark = 3UL << (int)CrowdShift;

    readonly ulong _bits = bits;

    public ShadowRecord(uint epoch, int site, int warpEpoch, int thread)
        : this((ulong)epoch << 40 | (ulong)(uint)site << 27 | ((ulong)(uint)warpEpoch & WarpEpochMask) << 12 | (uint)thread) { }

    public bool IsEmpty => _bits == 0;
    public uint Epoch => (uint)(_bits >> 40);
    public int Site => (int)(_bits >> 27) & (KernelCode.MaxSites - 1);
    public int Thread => (int)(_bits & ThreadMask);
    public bool MarksAtomics => (_bits & AtomicMark) == AtomicMark;

    bool IsSeveral => (_bits & AtomicMark) == Several;
    bool IsSeveralWarps => (_bits & AtomicMark) == SeveralWarps;

    /// <summary>Some access in this record is simultaneous with <paramref name="mine"/>: by another thread, in the same interval, and not ordered by a warp barrier.</summary>
    public bool IsSimultaneous(ShadowRecord mine)
    {
        if (Epoch != mine.Epoch) return false;
        ulong differ = _bits ^ mine._bits;
        if (IsSeveralWarps || (differ & WarpMask) != 0) return true;
        return (differ >> 12 & WarpEpochMask) == 0 && ((differ & ThreadMask) != 0 || IsSeveral);
    }

    /// <summary>The record of these accesses and <paramref name="mine"/> together. Older intervals are over and drop out.</summary>
    public ShadowRecord Joined(ShadowRecord mine)
    {
        if (Epoch != mine.Epoch) return mine;
        ulong differ = _bits ^ mine._bits;
        if (IsSeveralWarps || (differ & WarpMask) != 0) return new(mine._bits | SeveralWarps);
        return (differ >> 12 & WarpEpochMask) == 0 && ((differ & ThreadMask) != 0 || IsSeveral) ? new(mine._bits | Several) : mine;
    }

    /// <summary>Joining a read by this thread in this interval would change nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Covers(uint epoch, int warpEpoch, int thread)
    {
        if (Epoch != epoch) return false;
        if (IsSeveralWarps) return true;
        return ((_bits ^ (uint)thread) & (IsSeveral ? WarpMask : ThreadMask)) == 0 && ((_bits >> 12 ^ (uint)warpEpoch) & WarpEpochMask) == 0;
    }

    public ShadowRecord AsAtomics() => new(_bits | AtomicMark);
}

/// <summary>What the shadow knows of one cell of memory.</summary>
struct ShadowCell
{
    /// <summary>The last plain write, and the readers and atomics of the last interval that had any.</summary>
    public ShadowRecord Write, Reads, Atomics;

    /// <summary>Global memory: readers or atomics of an earlier group that a record of a later group has replaced.</summary>
    public ShadowRecord Earlier;
}
