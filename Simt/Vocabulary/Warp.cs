namespace ILGPU;

/// <summary>Neighbouring threads of a group that run in step and can exchange values without memory.</summary>
/// <remarks>
/// <c>width</c> is a power of two up to the warp size: the warp then falls into segments of that many lanes, and an
/// exchange stays inside its segment. All lanes of the warp must take part. An exchange does not order memory;
/// <see cref="Barrier"/> does.
/// </remarks>
public static class Warp
{
    public static int WarpSize => throw KernelOnly.Here(nameof(Warp));
    public static int LaneIdx => throw KernelOnly.Here(nameof(Warp));
    public static int WarpIdx => throw KernelOnly.Here(nameof(Warp));
    public static bool IsFirstLane => throw KernelOnly.Here(nameof(Warp));
    public static bool IsLastLane => throw KernelOnly.Here(nameof(Warp));

    public static void Barrier() => throw KernelOnly.Here(nameof(Warp));

    /// <summary>The value of lane <paramref name="sourceLane"/>, the same for all lanes.</summary>
    public static T Broadcast<T>(T value, int sourceLane) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));

    /// <summary>The value of lane <paramref name="sourceLane"/> (modulo the width).</summary>
    public static T Shuffle<T>(T variable, int sourceLane) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));
    public static T Shuffle<T>(T variable, int sourceLane, int width) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));

    /// <summary>The value of lane + delta; a lane whose source lies behind the segment keeps its own.</summary>
    public static T ShuffleDown<T>(T variable, int delta) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));
    public static T ShuffleDown<T>(T variable, int delta, int width) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));

    /// <summary>The value of lane − delta; a lane whose source lies before the segment keeps its own.</summary>
    public static T ShuffleUp<T>(T variable, int delta) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));
    public static T ShuffleUp<T>(T variable, int delta, int width) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));

    /// <summary>The value of lane xor mask; a lane whose source lies behind the segment keeps its own.</summary>
    public static T ShuffleXor<T>(T variable, int mask) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));
    public static T ShuffleXor<T>(T variable, int mask, int width) where T : unmanaged => throw KernelOnly.Here(nameof(Warp));
}
