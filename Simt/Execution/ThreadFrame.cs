using System.Runtime.InteropServices;

namespace IlgpuXai.Simt;

/// <summary>Head of one GPU thread's frame; the variables that live across a yield follow, then its local memory.</summary>
/// <remarks>
/// A value offered to other threads alternates between two slots: whoever takes it may come late, after this thread has
/// reached its next offer, but never after the one behind that. Warps and the group have slots of their own, because
/// the warps of a group may have made different numbers of exchanges.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
unsafe struct ThreadFrame
{
    public const int SlotBytes = 16;

    /// <summary>0 at the entry, else the number of the yield to go on behind.</summary>
    public int State;
    public int X, Y, Z, Linear;

    /// <summary>Warp barriers since the last group barrier.</summary>
    public int WarpEpoch;

    /// <summary>The thread whose offer this one takes at the running exchange.</summary>
    public int Source;
    public int Predicate;
    public int WarpParity, GroupParity;
    readonly long _unused;      // the slots below are aligned to 16

    public fixed byte WarpSlots[2 * SlotBytes];
    public fixed byte GroupSlots[2 * SlotBytes];
}
