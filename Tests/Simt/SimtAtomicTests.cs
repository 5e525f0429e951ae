using ILGPU;
using ILGPU.Runtime;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;

namespace IlgpuXai.Tests;

public class SimtAtomicTests
{
    const int Threads = 70;

    static void IntKernel(ArrayView1D<int, Stride1D.Dense> y)
    {
        int t = Group.IdxX;
        Atomic.Add(ref y[0], t);
        Atomic.Min(ref y[1], 50 - t);
        Atomic.Max(ref y[2], t - 5);
        Atomic.And(ref y[3], ~(1 << t % 20));
        Atomic.Or(ref y[4], 1 << t % 30);
        Atomic.Xor(ref y[5], t);
        if (t == 9) Atomic.Exchange(ref y[6], 77);
        Atomic.CompareExchange(ref y[7], t % 2, 5 + t % 2);
        MemoryFence.GroupLevel();
        MemoryFence.DeviceLevel();
    }

    static void UintKernel(ArrayView1D<uint, Stride1D.Dense> y)
    {
        uint t = (uint)Group.IdxX;
        Atomic.Add(ref y[0], t);
        Atomic.Min(ref y[1], 50 - t);
        Atomic.Max(ref y[2], t - 5);
        Atomic.And(ref y[3], ~(1u << (int)t % 20));
        Atomic.Or(ref y[4], 1u << (int)t % 30);
        Atomic.Xor(ref y[5], t);
        if (t == 9) Atomic.Exchange(ref y[6], 77u);
        Atomic.CompareExchange(ref y[7], t % 2, 5 + t % 2);
    }

    static void LongKernel(ArrayView1D<long, Stride1D.Dense> y)
    {
        long t = Group.IdxX;
        Atomic.Add(ref y[0], t);
        Atomic.Min(ref y[1], 50 - t);
        Atomic.Max(ref y[2], t - 5);
        Atomic.And(ref y[3], ~(1L << (int)t % 20));
        Atomic.Or(ref y[4], 1L << (int)t % 30);
        Atomic.Xor(ref y[5], t);
        if (t == 9) Atomic.Exchange(ref y[6], 77L);
        Atomic.CompareExchange(ref y[7], t % 2, 5 + t % 2);
    }

    static void UlongKernel(ArrayView1D<ulong, Stride1D.Dense> y)
    {
        ulong t = (ulong)Group.IdxX;
        Atomic.Add(ref y[0], t);
        Atomic.Min(ref y[1], 50 - t);
        Atomic.Max(ref y[2], t - 5);
        Atomic.And(ref y[3], ~(1UL << (int)t % 20));
        Atomic.Or(ref y[4], 1UL << (int)t % 30);
        Atomic.Xor(ref y[5], t);
        if (t == 9) Atomic.Exchange(ref y[6], 77UL);
        Atomic.CompareExchange(ref y[7], t % 2, 5 + t % 2);
    }

    static void FloatKernel(ArrayView1D<float, Stride1D.Dense> y)
    {
        float t = Group.IdxX;
        Atomic.Add(ref y[0], t);
        Atomic.Min(ref y[1], 50 - t);
        Atomic.Max(ref y[2], t - 5);
        if (Group.IdxX == 9) Atomic.Exchange(ref y[3], 77f);
        Atomic.CompareExchange(ref y[4], Group.IdxX % 2, 5 + Group.IdxX % 2);
        Atomic.Max(ref y[5], Group.IdxX == 20 ? float.NaN : t);
        Atomic.Add(ref y[6], float.NaN);
    }

    static readonly long[] Start = [10, 1000, -1000, -1, 0, 5, 1, 0];

    // What any order of the threads gives, by the same loop over plain integers of 64 bits; unsigned kinds compare after wrapping to their size.
    static long[] Expected(Func<long, long> wrap, Comparison<long> compare)
    {
        var y = Start.Select(wrap).ToArray();
        for (long t = 0; t < Threads; t++)
        {
            y[0] = wrap(y[0] + t);
            if (compare(wrap(50 - t), y[1]) < 0) y[1] = wrap(50 - t);
            if (compare(wrap(t - 5), y[2]) > 0) y[2] = wrap(t - 5);
            y[3] = wrap(y[3] & ~(1L << (int)t % 20));
            y[4] |= 1L << (int)t % 30;
            y[5] ^= t;
            if (t == 9) y[6] = 77;
            if (y[7] == t % 2) y[7] = 5 + t % 2;                         // whichever thread comes first
        }
        return y;
    }

    [Test]
    public void Atomics_of_int_give_what_one_thread_after_the_other_gives()
    {
        var y = Start.Select(v => (int)v).ToArray();
        Everywhere(IntKernel, new KernelConfig(1, Threads), y);
        Assert.That(y.Select(v => (long)v), Is.EqualTo(Expected(v => (int)v, (a, b) => a.CompareTo(b))));
    }

    [Test]
    public void Atomics_of_uint_give_what_one_thread_after_the_other_gives()
    {
        var y = Start.Select(v => (uint)v).ToArray();
        Everywhere(UintKernel, new KernelConfig(1, Threads), y);
        Assert.That(y.Select(v => (long)v), Is.EqualTo(Expected(v => (uint)v, (a, b) => a.CompareTo(b))));
    }

    [Test]
    public void Atomics_of_long_give_what_one_thread_after_the_other_gives()
    {
        var y = Start.ToArray();
        Everywhere(LongKernel, new KernelConfig(1, Threads), y);
        Assert.That(y, Is.EqualTo(Expected(v => v, (a, b) => a.CompareTo(b))));
    }

    [Test]
    public void Atomics_of_ulong_give_what_one_thread_after_the_other_gives()
    {
        var y = Start.Select(v => (ulong)v).ToArray();
        Everywhere(UlongKernel, new KernelConfig(1, Threads), y);
        Assert.That(y.Select(v => (long)v), Is.EqualTo(Expected(v => v, (a, b) => ((ulong)a).CompareTo((ulong)b))));
    }

    [Test]
    public void Atomics_of_float_add_compare_and_keep_NaN()
    {
        float[] y = [10, 1000, -1000, 1, 0, 0, 0];
        Everywhere(FloatKernel, new KernelConfig(1, Threads), y);
        Assert.That(y, Is.EqualTo(new[] { 10f + 69 * 35, 50 - 69, 64, 77, 5, float.NaN, float.NaN }));
    }

    static void TicketKernel(ArrayView1D<int, Stride1D.Dense> counter, ArrayView1D<int, Stride1D.Dense> taken)
    {
        int ticket = Atomic.Add(ref counter[0], 1);
        Atomic.Add(ref taken[ticket], 1);
    }

    [Test]
    public void Atomics_on_global_memory_hold_between_groups_on_several_workers()
    {
        int[] counter = [0], taken = new int[2000];
        Everywhere(TicketKernel, new KernelConfig(40, 50), counter, taken);
        Assert.That(counter[0], Is.EqualTo(2000));
        Assert.That(taken, Is.All.EqualTo(1));
    }

    static void HistogramKernel(ArrayView1D<int, Stride1D.Dense> y)
    {
        var bins = SharedMemory.Allocate<int>(16);
        int t = Group.IdxX;
        if (t < 16) bins[t] = 0;
        Group.Barrier();
        Atomic.Add(ref bins[t * t % 16], t);
        Group.Barrier();
        if (t < 16) y[t] = bins[t];
    }

    [Test]
    public void Atomics_on_shared_memory_count_every_thread()
    {
        int[] y = new int[16], expected = new int[16];
        Everywhere(HistogramKernel, new KernelConfig(1, 100), y);
        for (int t = 0; t < 100; t++) expected[t * t % 16] += t;
        Assert.That(y, Is.EqualTo(expected));
    }
}
