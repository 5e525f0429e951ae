namespace ILGPU;

/// <summary>Orders this thread's writes before those that follow, as the rest of the group, device or system sees them.</summary>
public static class MemoryFence
{
    public static void GroupLevel() => Interlocked.MemoryBarrier();
    public static void DeviceLevel() => Interlocked.MemoryBarrier();
    public static void SystemLevel() => Interlocked.MemoryBarrier();
}
