namespace ILGPU;

/// <summary>The threads that share memory and barriers. <c>Idx</c> is this thread in its group, <c>Dim</c> the group's extent.</summary>
public static class Group
{
    public static int IdxX => throw KernelOnly.Here(nameof(Group));
    public static int IdxY => throw KernelOnly.Here(nameof(Group));
    public static int IdxZ => throw KernelOnly.Here(nameof(Group));
    public static Index3D Index => throw KernelOnly.Here(nameof(Group));

    public static int DimX => throw KernelOnly.Here(nameof(Group));
    public static int DimY => throw KernelOnly.Here(nameof(Group));
    public static int DimZ => throw KernelOnly.Here(nameof(Group));
    public static Index3D Dimension => throw KernelOnly.Here(nameof(Group));

    /// <summary>(IdxZ · DimY + IdxY) · DimX + IdxX.</summary>
    public static int LinearIndex => throw KernelOnly.Here(nameof(Group));

    public static bool IsFirstThread => throw KernelOnly.Here(nameof(Group));
    public static bool IsLastThread => throw KernelOnly.Here(nameof(Group));

    /// <summary>Waits until every thread of the group stands here; then each sees what the others wrote.</summary>
    public static void Barrier() => throw KernelOnly.Here(nameof(Group));

    /// <summary>A barrier; true if the predicate held in every thread.</summary>
    public static bool BarrierAnd(bool predicate) => throw KernelOnly.Here(nameof(Group));

    /// <summary>A barrier; true if the predicate held in some thread.</summary>
    public static bool BarrierOr(bool predicate) => throw KernelOnly.Here(nameof(Group));

    /// <summary>A barrier; the number of threads in which the predicate held.</summary>
    public static int BarrierPopCount(bool predicate) => throw KernelOnly.Here(nameof(Group));

    /// <summary>A barrier; the value of the thread with linear index <paramref name="groupIndex"/>, the same for all.</summary>
    public static T Broadcast<T>(T value, int groupIndex) where T : unmanaged => throw KernelOnly.Here(nameof(Group));
}
