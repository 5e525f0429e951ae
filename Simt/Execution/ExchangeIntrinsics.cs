using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>
/// Barriers, votes and exchanges: <c>_Send</c> runs before the thread yields, <c>_Receive</c> when all have arrived.
/// See <see cref="IntrinsicTable"/> for names and arguments.
/// </summary>
static unsafe class ExchangeIntrinsics
{
    const int LaneMask = GroupRunner.WarpSize - 1;

    internal static void Group_Barrier_Send(int site, GroupRunner group, ThreadFrame* t) { }
    internal static void Warp_Barrier_Send(int site, GroupRunner group, ThreadFrame* t) { }

    internal static void Group_BarrierAnd_Send(bool predicate, int site, GroupRunner group, ThreadFrame* t) => t->Predicate = predicate ? 1 : 0;
    internal static void Group_BarrierOr_Send(bool predicate, int site, GroupRunner group, ThreadFrame* t) => t->Predicate = predicate ? 1 : 0;
    internal static void Group_BarrierPopCount_Send(bool predicate, int site, GroupRunner group, ThreadFrame* t) => t->Predicate = predicate ? 1 : 0;
    internal static bool Group_BarrierAnd_Receive(int site, GroupRunner group, ThreadFrame* t) => group.Votes == group.Threads;
    internal static bool Group_BarrierOr_Receive(int site, GroupRunner group, ThreadFrame* t) => group.Votes > 0;
    internal static int Group_BarrierPopCount_Receive(int site, GroupRunner group, ThreadFrame* t) => group.Votes;

    internal static void Group_Broadcast_Send<T>(T value, int groupIndex, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged
    {
        if ((uint)groupIndex >= (uint)group.Threads) KernelFault.Throw($"thread {groupIndex} asked to broadcast in a group of {group.Threads}", site);
        t->GroupParity ^= 1;
        t->Source = groupIndex;
        *(T*)(t->GroupSlots + t->GroupParity * ThreadFrame.SlotBytes) = value;
    }

    internal static T Group_Broadcast_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        *(T*)(group.Frame(t->Source)->GroupSlots + t->GroupParity * ThreadFrame.SlotBytes);

    internal static void Warp_Broadcast_Send<T>(T value, int sourceLane, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Offer(value, sourceLane & LaneMask, t);
    internal static void Warp_Shuffle_Send<T>(T value, int sourceLane, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Offer(value, sourceLane & LaneMask, t);
    internal static void Warp_ShuffleUp_Send<T>(T value, int delta, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferNear(value, -delta, GroupRunner.WarpSize, t);
    internal static void Warp_ShuffleDown_Send<T>(T value, int delta, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferNear(value, delta, GroupRunner.WarpSize, t);
    internal static void Warp_ShuffleXor_Send<T>(T value, int mask, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferXor(value, mask, GroupRunner.WarpSize, t);

    internal static void Warp_Shuffle_Send<T>(T value, int sourceLane, int width, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged
    {
        int inSegment = Checked(width, site) - 1;
        Offer(value, (t->Linear & LaneMask & ~inSegment) | (sourceLane & inSegment), t);
    }

    internal static void Warp_ShuffleUp_Send<T>(T value, int delta, int width, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferNear(value, -delta, Checked(width, site), t);
    internal static void Warp_ShuffleDown_Send<T>(T value, int delta, int width, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferNear(value, delta, Checked(width, site), t);
    internal static void Warp_ShuffleXor_Send<T>(T value, int mask, int width, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => OfferXor(value, mask, Checked(width, site), t);

    internal static T Warp_Broadcast_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Take<T>(site, group, t);
    internal static T Warp_Shuffle_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Take<T>(site, group, t);
    internal static T Warp_ShuffleUp_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Take<T>(site, group, t);
    internal static T Warp_ShuffleDown_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Take<T>(site, group, t);
    internal static T Warp_ShuffleXor_Receive<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged => Take<T>(site, group, t);

    static int Checked(int width, int site)
    {
        if (width < 1 || width > GroupRunner.WarpSize || (width & (width - 1)) != 0) KernelFault.Throw($"a shuffle of width {width}, which is no power of two up to {GroupRunner.WarpSize}", site);
        return width;
    }

    static void OfferNear<T>(T value, int delta, int width, ThreadFrame* t) where T : unmanaged
    {
        int lane = t->Linear & LaneMask, start = lane & ~(width - 1), source = lane + delta;
        Offer(value, source < start || source >= start + width ? lane : source, t);
    }

    static void OfferXor<T>(T value, int mask, int width, ThreadFrame* t) where T : unmanaged
    {
        int lane = t->Linear & LaneMask, source = lane ^ (mask & LaneMask);
        Offer(value, source > (lane | (width - 1)) ? lane : source, t);
    }

    static void Offer<T>(T value, int lane, ThreadFrame* t) where T : unmanaged
    {
        t->WarpParity ^= 1;
        t->Source = (t->Linear & ~LaneMask) + lane;
        *(T*)(t->WarpSlots + t->WarpParity * ThreadFrame.SlotBytes) = value;
    }

    static T Take<T>(int site, GroupRunner group, ThreadFrame* t) where T : unmanaged
    {
        if (t->Source >= group.Threads) KernelFault.Throw($"a shuffle from thread {t->Source} of a group of {group.Threads}", site);
        return *(T*)(group.Frame(t->Source)->WarpSlots + t->WarpParity * ThreadFrame.SlotBytes);
    }
}
