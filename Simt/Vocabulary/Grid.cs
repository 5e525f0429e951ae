namespace ILGPU;

/// <summary>The groups of a launch. <c>Idx</c> is this thread's group, <c>Dim</c> the number of groups along an axis.</summary>
public static class Grid
{
    public static int IdxX => throw KernelOnly.Here(nameof(Grid));
    public static int IdxY => throw KernelOnly.Here(nameof(Grid));
    public static int IdxZ => throw KernelOnly.Here(nameof(Grid));
    public static Index3D Index => throw KernelOnly.Here(nameof(Grid));

    public static int DimX => throw KernelOnly.Here(nameof(Grid));
    public static int DimY => throw KernelOnly.Here(nameof(Grid));
    public static int DimZ => throw KernelOnly.Here(nameof(Grid));
    public static Index3D Dimension => throw KernelOnly.Here(nameof(Grid));

    /// <summary>(IdxZ · DimY + IdxY) · DimX + IdxX.</summary>
    public static int LinearIndex => throw KernelOnly.Here(nameof(Grid));

    /// <summary>Group index · group size + index in the group, per axis.</summary>
    public static Index3D GlobalIndex => throw KernelOnly.Here(nameof(Grid));

    /// <summary>Grid.LinearIndex · threads of a group + Group.LinearIndex.</summary>
    public static int GlobalLinearIndex => throw KernelOnly.Here(nameof(Grid));
}
