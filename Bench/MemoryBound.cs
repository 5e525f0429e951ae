using System.Diagnostics;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Elementwise operations and reductions beside a copy that moves as many bytes: medians of alternating runs.</summary>
static unsafe class MemoryBound
{
    const int Rounds = 21, N = 64, C = 64, Plane = 56 * 56, Length = N * C * Plane;

    public static void Print(int threads)
    {
        using var device = new CpuDevice(threads);
        using var team = new Team(threads == 0 ? Environment.ProcessorCount : threads);
        using var a = Random01.Buffer(device, Length, 1);
        using var b = Random01.Buffer(device, Length, 2);
        using var channels = Random01.Buffer(device, C, 3);
        using var y = Random01.Buffer(device, Length, 4);
        using var ones = device.Allocate<float>(Length);
        device.Fill(ones.View, 1f);
        var plain = BroadcastShape.Of([Length], [Length]);
        var perChannel = BroadcastShape.Of([N, C, Plane], [C, 1]);

        Console.WriteLine($"{device.Description}; arrays of {Length * 4L >> 20} MiB; ours / copy of the same bytes, medians of {Rounds} alternating runs");
        Row("relu", 2, () => device.Unary.Forward<Relu>(a.View, y.View));
        Row("relu gradient", 4, () => device.Unary.Backward<Relu>(a.View, b.View, ones.View, y.View));
        Row("sigmoid", 2, () => device.Unary.Forward<Sigmoid>(a.View, y.View));
        Row("add", 3, () => device.Binary.Forward<Add>(a.View, b.View, y.View, plain));
        Row("add per channel", 2, () => device.Binary.Forward<Add>(a.View, channels.View, y.View, perChannel));
        Row("sum of all", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, 1), 1f, new(1, Length, 1)));
        Row("sum of rows", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, N * C), 1f, new(N * C, Plane, 1)));
        Row("sum over the batch", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, C * Plane), 1f, new(1, N, C * Plane)));
        Row("maximum of rows", 1, () => device.Reduce.Along<Maximum>(a.View, y.View.SubView(0, N * C), 1f, new(N * C, Plane, 1)));

        // moved: arrays read or written; a copy of k bytes moves 2k. The better of one thread and the whole team is the yardstick.
        void Row(string name, int moved, Action ours)
        {
            long bytes = Length * 4L * moved / 2;
            using var from = device.Allocate<byte>(bytes);
            using var to = device.Allocate<byte>(bytes);
            byte* p = from.View.Data, q = to.View.Data;
            new Span<byte>(p, checked((int)bytes)).Clear();
            double[] mine = new double[Rounds], single = new double[Rounds], together = new double[Rounds];
            for (int i = -1; i < Rounds; i++)
            {
                double t0 = Time(ours), t1 = Time(() => Buffer.MemoryCopy(p, q, bytes, bytes)), t2 = Time(() => team.For(bytes, 4096, (f, t) => Buffer.MemoryCopy(p + f, q + f, t - f, t - f)));
                if (i >= 0) (mine[i], single[i], together[i]) = (t0, t1, t2);
            }
            double copy = Math.Min(Median(single), Median(together));
            Console.WriteLine($"{name,-20} {Median(mine),7:f2} ms / {copy,7:f2} ms = {Median(mine) / copy:f2}   ({bytes * 2 / Median(mine) / 1e6:f1} GB/s)");
        }
    }

    static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
