using ILGPU;
using IlgpuXai.Simt;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;
using View = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

/// <summary>Kernels with one planted mistake each: the message must name kernel, thread, index, file and line.</summary>
public class SimtFindingTests
{
    const string Here = "SimtFindingTests.";

    static void OffByOneKernel(View x, View y)
    {
        var tile = SharedMemory.Allocate<float>(64);                // off by one: memory
        int t = Group.IdxX;
        tile[t] = x[t];
        Group.Barrier();
        y[t] = tile[t + 1];                                         // off by one: access
    }

    [Test]
    public void An_index_outside_shared_memory_is_found_in_both_modes()
    {
        string expected = $"{Here}OffByOneKernel: {LineOf("off by one: access")}: index 64 outside a view of 64 elements (the shared memory allocated at {LineOf("off by one: memory")}), thread (63, 0, 0) of group (0, 0, 0)";
        var config = new KernelConfig(3, 64);
        Assert.That(FastFindings(OffByOneKernel, config, Random(64, 1), new float[64]), Is.EqualTo(new[] { expected }));
        Assert.That(Findings(OffByOneKernel, config, Random(64, 1), new float[64])[0], Is.EqualTo(expected));
    }

    static void FarKernel(Index1D i, View x, View y, int from)
    {
        y[i] = i < from ? x[i] : x[i - 1000];                       // far
    }

    [Test]
    public void An_index_outside_an_argument_is_found_by_name_and_the_first_group_is_told()
    {
        IReadOnlyList<string> Run(SimtMode mode, int workers) => AutoFindings(FarKernel, mode, workers, 2000, new float[2000], new float[2000], 300);
        string expected = $"{Here}FarKernel: {LineOf("far")}: index -700 outside a view of 2000 elements{{0}}, thread (44, 0, 0) of group (1, 0, 0)";
        Assert.That(Run(SimtMode.Fast, 1), Is.EqualTo(new[] { string.Format(expected, "") }));
        Assert.That(Run(SimtMode.Fast, 2), Is.EqualTo(new[] { string.Format(expected, "") }));
        Assert.That(Run(SimtMode.Checked, 1), Is.EqualTo(new[] { string.Format(expected, " (x)") }));
    }

    static void SubViewKernel(View x, View y)
    {
        var part = x.SubView(Group.IdxX * 10, 10);                  // sub-view
        y[Group.IdxX] = part[0];
    }

    [Test]
    public void A_sub_view_outside_its_view_is_found() =>
        Assert.That(FastFindings(SubViewKernel, new KernelConfig(1, 5), new float[45], new float[5]),
            Is.EqualTo(new[] { $"{Here}SubViewKernel: {LineOf("sub-view")}: sub-view [40, 50) outside a view of 45 elements, thread (4, 0, 0) of group (0, 0, 0)" }));

    static void ConditionalKernel(View y)
    {
        if (Group.IdxX < 7) Group.Barrier();                        // conditional
        y[Group.IdxX] = 1f;
    }

    [Test]
    public void A_barrier_under_a_condition_is_found()
    {
        var found = FastFindings(ConditionalKernel, new KernelConfig(1, 20), new float[20]);
        string place = LineOf("conditional");
        Assert.That(found, Is.EqualTo(new[] { $"{Here}ConditionalKernel: {place}: barrier not reached by all threads of group (0, 0, 0): thread (0, 0, 0) waits at {place}, thread (7, 0, 0) has left the kernel" }));
        Assert.That(Findings(ConditionalKernel, new KernelConfig(1, 20), new float[20])[0], Is.EqualTo(found[0]));
    }

    static void TwoPlacesKernel(View y)
    {
        if (Warp.WarpIdx == 0)
        {
            y[0] = 1f;
            Group.Barrier();                                        // first place
        }
        else Group.Barrier();                                       // second place
    }

    [Test]
    public void Two_warps_at_different_barriers_are_found() =>
        Assert.That(FastFindings(TwoPlacesKernel, new KernelConfig(1, 64), new float[1])[0],
            Does.EndWith($"thread (0, 0, 0) waits at {LineOf("first place")}, thread (32, 0, 0) waits at {LineOf("second place")}"));

    static void OneTurnLessKernel(View y, int turns)
    {
        int mine = Group.IdxX < 32 ? turns : turns - 1;
        for (int k = 0; k < mine; k++) Group.Barrier();             // one turn less
        y[Group.IdxX] = 1f;
    }

    [Test]
    public void A_loop_with_a_barrier_that_some_threads_leave_early_is_found() =>
        Assert.That(FastFindings(OneTurnLessKernel, new KernelConfig(1, 64), new float[64], 4)[0],
            Does.StartWith($"{Here}OneTurnLessKernel: {LineOf("one turn less")}: barrier not reached by all threads"));

    static void HalfWarpKernel(View y)
    {
        float v = Warp.LaneIdx;
        if (Warp.LaneIdx < 16) v += Warp.ShuffleXor(v, 1);          // half a warp
        y[Group.IdxX] = v;
    }

    [Test]
    public void A_shuffle_by_half_a_warp_is_found() =>
        Assert.That(FastFindings(HalfWarpKernel, new KernelConfig(1, 64), new float[64])[0],
            Does.StartWith($"{Here}HalfWarpKernel: {LineOf("half a warp")}: warp operation not reached by all lanes of group (0, 0, 0): thread (0, 0, 0) waits"));

    static void AbsentLaneKernel(View y) => y[Group.IdxX] = Warp.ShuffleDown(1f, 4);     // absent lane

    [Test]
    public void A_shuffle_from_a_lane_that_the_group_lacks_is_found() =>
        Assert.That(FastFindings(AbsentLaneKernel, new KernelConfig(1, 20), new float[20])[0],
            Is.EqualTo($"{Here}AbsentLaneKernel: {LineOf("absent lane")}: a shuffle from thread 20 of a group of 20, thread (16, 0, 0) of group (0, 0, 0)"));

    static void UnwrittenKernel(View x, View y)
    {
        var tile = SharedMemory.Allocate<float>(64);                // unwritten: memory
        int t = Group.IdxX;
        if (t != 37) tile[t] = x[t];
        Group.Barrier();
        y[t] = tile[63 - t];                                        // unwritten: read
    }

    [Test]
    public void A_read_of_shared_memory_never_written_is_found_in_every_group_also_where_an_earlier_group_wrote()
    {
        var found = Findings(UnwrittenKernel, new KernelConfig(1, 64), Random(64, 2), new float[64]);
        Assert.That(found, Is.EqualTo(new[] { $"{Here}UnwrittenKernel: {LineOf("unwritten: read")}: thread (26, 0, 0) of group (0, 0, 0) reads element 37 of the shared memory allocated at {LineOf("unwritten: memory")}, which the group has never written" }));
    }

    static void LaterGroupKernel(View y)
    {
        var tile = SharedMemory.Allocate<float>(32);
        int t = Group.IdxX;
        if (Grid.IdxX == 0) tile[t] = 1f;
        Group.Barrier();
        y[Grid.GlobalLinearIndex] = tile[t];
    }

    [Test]
    public void What_an_earlier_group_wrote_does_not_count_as_written() =>
        Assert.That(Findings(LaterGroupKernel, new KernelConfig(2, 32), new float[64])[0], Does.Contain("thread (0, 0, 0) of group (1, 0, 0) reads element 0 of"));

    static void MissingBarrierKernel(View x, View y, int turns)
    {
        var tile = SharedMemory.Allocate<float>(64);                // race: memory
        int t = Group.IdxX;
        float sum = 0f;
        for (int k = 0; k < turns; k++)
        {
            tile[t] = x[t] + k;                                     // race: write
            Group.Barrier();
            for (int i = 0; i < 64; i++) sum += tile[i];            // race: read
        }
        y[t] = sum;
    }

    [Test]
    public void A_missing_barrier_is_found_as_a_race_with_both_places()
    {
        var found = Findings(MissingBarrierKernel, new KernelConfig(1, 64), Random(64, 3), new float[64], 2);
        Assert.That(found, Has.Count.EqualTo(2));
        string head = $"{Here}MissingBarrierKernel: ", memory = $"element {{0}} of the shared memory allocated at {LineOf("race: memory")}";
        Assert.That(found[0], Is.EqualTo($"{head}{LineOf("race: read")}: race: thread (1, 0, 0) of group (0, 0, 0) reads {string.Format(memory, 0)}, written by thread (0, 0, 0) at {LineOf("race: write")}; no barrier lies between"));
        Assert.That(found[1], Is.EqualTo($"{head}{LineOf("race: write")}: race: thread (1, 0, 0) of group (0, 0, 0) writes {string.Format(memory, 1)}, read by another thread of the group at {LineOf("race: read")}; no barrier lies between"));
        Assert.That(Findings(MissingBarrierKernel, new KernelConfig(1, 64), Random(64, 3), new float[64], 2), Is.EqualTo(found));
    }

    [Test]
    public void The_same_kernel_with_one_turn_is_clean() =>
        Everywhere(MissingBarrierKernel, new KernelConfig(1, 64), Random(64, 3), NaNs(64), 1);

    static void PlainAndAtomicKernel(Ints y)
    {
        ref int sum = ref SharedMemory.Allocate<int>();
        if (Group.IsFirstThread) sum = 0;
        Group.Barrier();
        Atomic.Add(ref sum, 1);                                     // atomic
        y[Group.IdxX] = sum;                                        // plain
    }

    [Test]
    public void A_plain_read_beside_atomics_is_found() =>
        Assert.That(Findings(PlainAndAtomicKernel, new KernelConfig(1, 40), new int[40]),
            Has.Some.StartWith($"{Here}PlainAndAtomicKernel: {LineOf("atomic")}: race: thread (1, 0, 0) of group (0, 0, 0) atomically updates element 0").And.Contain($"read by thread (0, 0, 0) at {LineOf("plain")}"));

    static void ShuffleIsNoBarrierKernel(Ints y)
    {
        var words = SharedMemory.Allocate<int>(32);
        int t = Group.IdxX;
        words[t] = Warp.Shuffle(t, 0);
        y[t] = Warp.Shuffle(words[t ^ 1], t);
    }

    [Test]
    public void An_exchange_does_not_order_memory_inside_its_warp() =>
        Assert.That(Findings(ShuffleIsNoBarrierKernel, new KernelConfig(1, 32), new int[32]), Has.Some.Contains("race: thread"));

    static void RepeatedReadKernel(Ints y)
    {
        ref int word = ref SharedMemory.Allocate<int>();
        int t = Group.IdxX;
        if (t == 0) word = 5;
        Group.Barrier();
        int sum = t == 0 ? word : 0;
        Warp.Barrier();
        if (t == 0) sum += word;                                    // repeated read
        if (t == 1) word = sum;                                     // write beside it
        y[t] = sum;
    }

    [Test]
    public void A_read_repeated_behind_a_warp_barrier_counts_anew() =>
        Assert.That(Findings(RepeatedReadKernel, new KernelConfig(1, 2), new int[2]),
            Has.Some.StartWith($"{Here}RepeatedReadKernel: {LineOf("write beside it")}: race: thread (1, 0, 0) of group (0, 0, 0) writes element 0").And.Contain($"read by thread (0, 0, 0) at {LineOf("repeated read")}"));

    static void SameElementKernel(Ints y) => y[Group.IdxX / 2] = Group.IdxX;    // same element

    [Test]
    public void Two_threads_of_a_group_that_write_one_element_of_a_buffer_are_found()
    {
        string place = LineOf("same element");
        Assert.That(Findings(SameElementKernel, new KernelConfig(1, 8), new int[4]),
            Is.EqualTo(new[] { $"{Here}SameElementKernel: {place}: race: thread (1, 0, 0) of group (0, 0, 0) writes element 0 of y, written by thread (0, 0, 0) at {place}; no barrier lies between" }));
    }

    static void TwoGroupsKernel(View x, View y)
    {
        y[Group.IdxX] = x[0];                                       // two groups
    }

    [Test]
    public void Two_groups_that_write_one_element_are_found()
    {
        string place = LineOf("two groups");
        Assert.That(Findings(TwoGroupsKernel, new KernelConfig(new Index2D(1, 3), new Index2D(4, 1)), new float[1], new float[4]),
            Is.EqualTo(new[] { $"{Here}TwoGroupsKernel: {place}: race: thread (0, 0, 0) of group (0, 1, 0) writes element 0 of y, written by thread (0, 0, 0) of group (0, 0, 0) at {place}; nothing orders two groups" }));
    }

    // Group 0 reads, group 1 reads, group 1 waits and writes: the reader of group 0 must not be forgotten.
    static void EarlierReaderKernel(Ints x, Ints y)
    {
        int seen = x[0];
        Group.Barrier();
        if (Grid.IdxX == 1 && Group.IdxX == 0) x[0] = seen + 1;
        y[Grid.GlobalLinearIndex] = seen;
    }

    [Test]
    public void A_read_by_an_earlier_group_is_remembered_behind_reads_of_the_own_group() =>
        Assert.That(Findings(EarlierReaderKernel, new KernelConfig(2, 4), new int[1], new int[8])[0], Does.Contain("writes element 0 of x, read by thread (1, 0, 0) of group (0, 0, 0)"));

    static void FieldKernel(SimtMemoryTests.Operands o, View y)
    {
        o.Left[0] = Group.IdxX;
        y[Group.IdxX] = 0f;
    }

    [Test]
    public void A_view_inside_a_struct_is_watched_and_named()
    {
        Assert.That(Findings(MakesStructKernel, new KernelConfig(1, 3), new float[5], new float[5], new float[3])[0], Does.Contain("writes element 0 of x"));
    }

    static void MakesStructKernel(View x, View z, View y) => FieldKernel(new SimtMemoryTests.Operands(x, z, 1f), y);

    static void DividesKernel(Ints y) => y[Group.IdxX] = 10 / (3 - Group.IdxX);

    [Test]
    public void Any_other_failure_names_kernel_and_thread() =>
        Assert.That(FastFindings(DividesKernel, new KernelConfig(1, 5), new int[5])[0], Does.StartWith($"{Here}DividesKernel: thread (3, 0, 0) of group (0, 0, 0): DivideByZeroException"));

    static void GreedyKernel(View y)
    {
        var tile = SharedMemory.Allocate<float>(60_000);            // greedy
        tile[Group.IdxX] = 0f;
        y[Group.IdxX] = tile[Group.IdxX];
    }

    [Test]
    public void Too_much_shared_memory_is_found() =>
        Assert.That(FastFindings(GreedyKernel, new KernelConfig(1, 5), new float[5])[0], Does.StartWith($"{Here}GreedyKernel: {LineOf("greedy")}: 60000 elements of 4 bytes more of shared memory: a group has 232448 bytes, 0 are taken"));
}
