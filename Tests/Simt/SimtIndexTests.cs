using ILGPU;
using IlgpuXai.Simt;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;
using View = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

public class SimtIndexTests
{
    const int Facts = 24;

    static void FactsKernel(Ints y)
    {
        int at = Grid.GlobalLinearIndex * Facts;
        y[at] = Group.IdxX;
        y[at + 1] = Group.IdxY;
        y[at + 2] = Group.IdxZ;
        y[at + 3] = Group.DimX;
        y[at + 4] = Group.DimY;
        y[at + 5] = Group.DimZ;
        y[at + 6] = Grid.IdxX;
        y[at + 7] = Grid.IdxY;
        y[at + 8] = Grid.IdxZ;
        y[at + 9] = Grid.DimX;
        y[at + 10] = Grid.DimY;
        y[at + 11] = Grid.DimZ;
        y[at + 12] = Group.LinearIndex;
        y[at + 13] = Grid.LinearIndex;
        y[at + 14] = Warp.WarpSize;
        y[at + 15] = Warp.LaneIdx;
        y[at + 16] = Warp.WarpIdx;
        y[at + 17] = (Group.IsFirstThread ? 1 : 0) + (Group.IsLastThread ? 2 : 0) + (Warp.IsFirstLane ? 4 : 0) + (Warp.IsLastLane ? 8 : 0);
        var global = Grid.GlobalIndex;
        y[at + 18] = global.X;
        y[at + 19] = global.Y;
        y[at + 20] = global.Z;
        y[at + 21] = Group.Index.Z;
        y[at + 22] = Grid.Index.Y;
        y[at + 23] = Group.Dimension.X + Grid.Dimension.Z;
    }

    static void FactsBehindBarrierKernel(Ints y)
    {
        Group.Barrier();
        FactsKernel(y);
    }

    [Test]
    public void Every_thread_of_a_grid_in_three_dimensions_knows_where_it_stands([Values] bool barrier)
    {
        Index3D grid = new(2, 3, 4), group = new(5, 3, 4);
        var y = new int[grid.Size * group.Size * Facts];
        Everywhere(barrier ? FactsBehindBarrierKernel : FactsKernel, new KernelConfig(grid, group), y);
        int at = 0, groupNumber = 0;
        for (int gz = 0; gz < grid.Z; gz++)
            for (int gy = 0; gy < grid.Y; gy++)
                for (int gx = 0; gx < grid.X; gx++, groupNumber++)
                {
                    int t = 0;
                    for (int z = 0; z < group.Z; z++)
                        for (int yy = 0; yy < group.Y; yy++)
                            for (int x = 0; x < group.X; x++, t++, at += Facts)
                            {
                                int flags = (t == 0 ? 1 : 0) + (t == 59 ? 2 : 0) + (t % 32 == 0 ? 4 : 0) + (t % 32 == 31 ? 8 : 0);
                                int[] expected = [x, yy, z, 5, 3, 4, gx, gy, gz, 2, 3, 4, t, groupNumber, 32, t % 32, t / 32, flags, gx * 5 + x, gy * 3 + yy, gz * 4 + z, z, gy, 9];
                                Assert.That(y.AsSpan(at, Facts).SequenceEqual(expected), $"group {groupNumber}, thread {t}");
                            }
                }
    }

    static void AutoKernel(Index1D i, View x, View y)
    {
        if (i >= 0 && i < x.IntLength) y[i] = 2f * x[i] + i;
    }

    [TestCase(1)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(1000)]
    public void An_implicitly_grouped_kernel_runs_once_per_index_and_not_beyond(int extent)
    {
        var x = Random(1100, extent);
        var y = NaNs(1100);
        EverywhereAuto(AutoKernel, extent, x, y);
        for (int i = 0; i < y.Length; i++) Assert.That(y[i], Is.EqualTo(i < extent ? 2f * x[i] + i : float.NaN), $"{i}");
    }

    [Test]
    public unsafe void An_extent_of_zero_does_nothing() =>
        Assert.That(() => SimtKernel.Compile(((Action<Index1D, View, View>)AutoKernel).Method, SimtMode.Fast).LaunchAutoGrouped(0, null, 1), Throws.Nothing);

    [TestCase(0, 32, "extents start at 1")]
    [TestCase(1, 1025, "at most 1024 threads")]
    public unsafe void A_launch_of_impossible_shape_is_refused_in_one_line(int grid, int group, string reason)
    {
        var kernel = SimtKernel.Compile(((Action<Ints>)FactsKernel).Method, SimtMode.Fast);
        Assert.That(() => kernel.Launch(new KernelConfig(grid, group), null, 1), Throws.ArgumentException.With.Message.Contains(reason).And.Message.Contains("SimtIndexTests.FactsKernel"));
    }

    [Test]
    public void On_the_host_the_members_of_a_kernel_say_so() =>
        Assert.That(() => Group.IdxX, Throws.InvalidOperationException.With.Message.EqualTo("Group.IdxX has a meaning only inside a kernel that a device runs"));
}
