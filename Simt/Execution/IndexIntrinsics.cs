using System.Runtime.CompilerServices;
using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>Where the running thread stands in its warp, group and grid. See <see cref="IntrinsicTable"/> for names and arguments.</summary>
static unsafe class IndexIntrinsics
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] internal static int Group_IdxX(int site, GroupRunner group, ThreadFrame* t) => t->X;
    [MethodImpl(Inline)] internal static int Group_IdxY(int site, GroupRunner group, ThreadFrame* t) => t->Y;
    [MethodImpl(Inline)] internal static int Group_IdxZ(int site, GroupRunner group, ThreadFrame* t) => t->Z;
    [MethodImpl(Inline)] internal static Index3D Group_Index(int site, GroupRunner group, ThreadFrame* t) => new(t->X, t->Y, t->Z);
    [MethodImpl(Inline)] internal static int Group_DimX(int site, GroupRunner group, ThreadFrame* t) => group.DimX;
    [MethodImpl(Inline)] internal static int Group_DimY(int site, GroupRunner group, ThreadFrame* t) => group.DimY;
    [MethodImpl(Inline)] internal static int Group_DimZ(int site, GroupRunner group, ThreadFrame* t) => group.DimZ;
    [MethodImpl(Inline)] internal static Index3D Group_Dimension(int site, GroupRunner group, ThreadFrame* t) => new(group.DimX, group.DimY, group.DimZ);
    [MethodImpl(Inline)] internal static int Group_LinearIndex(int site, GroupRunner group, ThreadFrame* t) => t->Linear;
    [MethodImpl(Inline)] internal static bool Group_IsFirstThread(int site, GroupRunner group, ThreadFrame* t) => t->Linear == 0;
    [MethodImpl(Inline)] internal static bool Group_IsLastThread(int site, GroupRunner group, ThreadFrame* t) => t->Linear == group.Threads - 1;

    [MethodImpl(Inline)] internal static int Grid_IdxX(int site, GroupRunner group, ThreadFrame* t) => group.GridX;
    [MethodImpl(Inline)] internal static int Grid_IdxY(int site, GroupRunner group, ThreadFrame* t) => group.GridY;
    [MethodImpl(Inline)] internal static int Grid_IdxZ(int site, GroupRunner group, ThreadFrame* t) => group.GridZ;
    [MethodImpl(Inline)] internal static Index3D Grid_Index(int site, GroupRunner group, ThreadFrame* t) => new(group.GridX, group.GridY, group.GridZ);
    [MethodImpl(Inline)] internal static int Grid_DimX(int site, GroupRunner group, ThreadFrame* t) => group.GridDim.X;
    [MethodImpl(Inline)] internal static int Grid_DimY(int site, GroupRunner group, ThreadFrame* t) => group.GridDim.Y;
    [MethodImpl(Inline)] internal static int Grid_DimZ(int site, GroupRunner group, ThreadFrame* t) => group.GridDim.Z;
    [MethodImpl(Inline)] internal static Index3D Grid_Dimension(int site, GroupRunner group, ThreadFrame* t) => group.GridDim;
    [MethodImpl(Inline)] internal static int Grid_LinearIndex(int site, GroupRunner group, ThreadFrame* t) => (group.GridZ * group.GridDim.Y + group.GridY) * group.GridDim.X + group.GridX;
    [MethodImpl(Inline)] internal static int Grid_GlobalLinearIndex(int site, GroupRunner group, ThreadFrame* t) => Grid_LinearIndex(site, group, t) * group.Threads + t->Linear;
    [MethodImpl(Inline)]
    internal static Index3D Grid_GlobalIndex(int site, GroupRunner group, ThreadFrame* t) =>
        new(group.GridX * group.DimX + t->X, group.GridY * group.DimY + t->Y, group.GridZ * group.DimZ + t->Z);

    [MethodImpl(Inline)] internal static int Warp_WarpSize(int site, GroupRunner group, ThreadFrame* t) => GroupRunner.WarpSize;
    [MethodImpl(Inline)] internal static int Warp_LaneIdx(int site, GroupRunner group, ThreadFrame* t) => t->Linear & (GroupRunner.WarpSize - 1);
    [MethodImpl(Inline)] internal static int Warp_WarpIdx(int site, GroupRunner group, ThreadFrame* t) => t->Linear / GroupRunner.WarpSize;
    [MethodImpl(Inline)] internal static bool Warp_IsFirstLane(int site, GroupRunner group, ThreadFrame* t) => Warp_LaneIdx(site, group, t) == 0;
    [MethodImpl(Inline)] internal static bool Warp_IsLastLane(int site, GroupRunner group, ThreadFrame* t) => Warp_LaneIdx(site, group, t) == GroupRunner.WarpSize - 1;

    /// <summary>The index parameter of an implicitly grouped kernel.</summary>
    [MethodImpl(Inline)] internal static Index1D AutoIndex(GroupRunner group, ThreadFrame* t) => group.GridX * group.DimX + t->X;

    /// <summary>In a kernel without yields one frame serves all threads in turn; false behind the last.</summary>
    [MethodImpl(Inline)]
    internal static bool Advance(GroupRunner group, ThreadFrame* t)
    {
        if (++t->Linear >= group.ActiveThreads) return false;
        if (++t->X < group.DimX) return true;
        t->X = 0;
        if (++t->Y < group.DimY) return true;
        t->Y = 0;
        t->Z++;
        return true;
    }
}
