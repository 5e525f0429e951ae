using ILGPU;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;
using View = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

public class SimtExchangeTests
{
    static void VotesKernel(Ints y, int least)
    {
        int t = Group.IdxX;
        bool all = Group.BarrierAnd(t >= least);
        bool any = Group.BarrierOr(t < least);
        int count = Group.BarrierPopCount(t % 3 == Grid.IdxX);
        y[Grid.GlobalLinearIndex] = (all ? 1000 : 0) + (any ? 2000 : 0) + count;
    }

    [TestCase(0, 1000)]
    [TestCase(1, 2000)]
    [TestCase(70, 2000)]
    public void A_barrier_with_a_predicate_tells_all_threads_the_outcome(int least, int outcome)
    {
        int[] y = new int[140];
        Everywhere(VotesKernel, new KernelConfig(2, 70), y, least);
        for (int i = 0; i < 140; i++) Assert.That(y[i], Is.EqualTo(outcome + (i < 70 ? 24 : 23)));
    }

    // Warp 0 makes one exchange more than warp 1 before each broadcast.
    static void BroadcastKernel(Ints y)
    {
        int t = Group.IdxX, sum = 0;
        for (int k = 0; k < 5; k++)
        {
            if (Warp.WarpIdx == 0) sum += Warp.Shuffle(t, 1) - 1;
            sum += Group.Broadcast(t * 100 + k, 63 - k) + Group.Broadcast(-t, k);
        }
        y[t] = sum;
    }

    [Test]
    public void A_group_broadcast_gives_every_thread_the_value_of_one()
    {
        int[] y = new int[64];
        Everywhere(BroadcastKernel, new KernelConfig(1, 64), y);
        Assert.That(y, Is.All.EqualTo(Enumerable.Range(0, 5).Sum(k => (63 - k) * 100 + k - k)));
    }

    static int Shuffled(int v, int kind, int operand, int width) => kind switch
    {
        0 => Warp.Shuffle(v, operand),
        1 => Warp.ShuffleUp(v, operand),
        2 => Warp.ShuffleDown(v, operand),
        3 => Warp.ShuffleXor(v, operand),
        4 => Warp.Broadcast(v, operand),
        5 => Warp.Shuffle(v, operand, width),
        6 => Warp.ShuffleUp(v, operand, width),
        7 => Warp.ShuffleDown(v, operand, width),
        _ => Warp.ShuffleXor(v, operand, width),
    };

    static void ShuffleKernel(Ints operands, Ints y, int kind, int width)
    {
        int t = Group.IdxX;
        for (int k = 0; k < operands.Length; k++) y[k * 64 + t] = Shuffled(1000 + t, kind, operands[k], width);
    }

    // By the definition of CUDA's shuffles: a segment of `width` lanes; a source outside it means the lane's own value,
    // only xor may reach back into an earlier segment.
    static int Source(int lane, int kind, int operand, int width)
    {
        int start = lane / width * width, end = start + width;
        switch (kind)
        {
            case 0: return start + ((operand % width) + width) % width;
            case 1: return lane - operand >= start ? lane - operand : lane;
            case 2: return lane + operand < end ? lane + operand : lane;
            default: return (lane ^ operand) < end ? lane ^ operand : lane;
        }
    }

    [Test]
    public void Shuffles_take_the_value_of_the_lane_that_their_definition_names([Range(0, 8)] int kind)
    {
        int[] operands = [0, 1, 3, 7, 16, 31];
        foreach (int width in kind < 5 ? [32] : new[] { 1, 4, 16, 32 })
        {
            int[] y = new int[operands.Length * 64];
            Everywhere(ShuffleKernel, new KernelConfig(1, 64), operands, y, kind, width);
            for (int k = 0; k < operands.Length; k++)
                for (int t = 0; t < 64; t++)
                    Assert.That(y[k * 64 + t], Is.EqualTo(1000 + t / 32 * 32 + Source(t % 32, kind == 4 ? 0 : kind < 4 ? kind : kind - 5, operands[k], width)), $"thread {t}, operand {operands[k]}, width {width}");
        }
    }

    internal struct Wide
    {
        public double A;
        public int B, C;
    }

    static void WideShuffleKernel(Ints y)
    {
        int t = Group.IdxX;
        var w = Warp.ShuffleXor(new Wide { A = t, B = 2 * t, C = 3 * t }, 5);
        y[t] = (int)w.A + w.B + w.C;
    }

    [Test]
    public void A_struct_of_sixteen_bytes_can_be_exchanged()
    {
        int[] y = new int[32];
        Everywhere(WideShuffleKernel, new KernelConfig(1, 32), y);
        for (int t = 0; t < 32; t++) Assert.That(y[t], Is.EqualTo(6 * (t ^ 5)));
    }

    static float WarpSum(float v)
    {
        for (int m = 16; m > 0; m /= 2) v = v + Warp.ShuffleXor(v, m);      // v lies on the stack across the exchange
        return v;
    }

    static void ReduceKernel(View x, View y)
    {
        var part = SharedMemory.Allocate<float>(8);
        int t = Group.IdxX, i = Grid.IdxX * 256 + t;
        ref float slot = ref part[t / 32];
        float sum = 1f + WarpSum(x[i]) - 1f * WarpSum(0f);
        if (Warp.LaneIdx == 0) slot = sum;
        Group.Barrier();
        if (t % 32 == 0 && t > 0) slot *= 1f;
        Group.Barrier();
        if (t == 0)
        {
            float total = 0f;
            for (int w = 0; w < 8; w++) total += part[w];
            y[Grid.IdxX] = total;
        }
    }

    [Test]
    public void A_reduction_by_shuffles_in_a_helper_called_with_values_on_the_stack_is_right()
    {
        float[] x = Random(768, 10), y = NaNs(3);
        Everywhere(ReduceKernel, new KernelConfig(3, 256), x, y);
        var expected = Enumerable.Range(0, 3).Select(g => 8 + x.Skip(g * 256).Take(256).Sum(v => (double)v)).ToArray();
        Close.Check(expected, y, 1e-6, 1e-5, "sum");
    }

    static void WarpOrderKernel(Ints y)
    {
        var part = SharedMemory.Allocate<int>(64);
        int t = Group.IdxX;
        part[t] = t;
        Warp.Barrier();
        int v = part[t ^ 1];
        Warp.Barrier();
        part[t] = v;
        y[t] = v;
    }

    [Test]
    public void A_warp_barrier_orders_memory_inside_the_warp()
    {
        int[] y = new int[64];
        Everywhere(WarpOrderKernel, new KernelConfig(1, 64), y);
        for (int t = 0; t < 64; t++) Assert.That(y[t], Is.EqualTo(t ^ 1));
    }

    static void LoopKernel(Ints y, int turns)
    {
        var words = SharedMemory.Allocate<int>(33);
        int t = Group.IdxX;
        int a = t, b = 1;
        long c = 7;
        for (int k = 0; k < turns; k++)
        {
            words[t] = a + b;
            Group.Barrier();
            (a, b) = (words[(t + 1) % 33], a % 10);
            c = c * 3 + b;
            Group.Barrier();
        }
        y[t] = a + b + (int)c;
    }

    [Test]
    public void Variables_of_a_loop_survive_its_barriers()
    {
        int[] y = new int[33], expected = Ramp(33), b = Enumerable.Repeat(1, 33).ToArray();
        long[] c = Enumerable.Repeat(7L, 33).ToArray();
        Everywhere(LoopKernel, new KernelConfig(1, 33), y, 9);
        for (int k = 0; k < 9; k++)
        {
            var words = expected.Zip(b, (p, q) => p + q).ToArray();
            for (int t = 0; t < 33; t++)
            {
                (expected[t], b[t]) = (words[(t + 1) % 33], expected[t] % 10);
                c[t] = c[t] * 3 + b[t];
            }
        }
        for (int t = 0; t < 33; t++) Assert.That(y[t], Is.EqualTo(expected[t] + b[t] + (int)c[t]));
    }
}
