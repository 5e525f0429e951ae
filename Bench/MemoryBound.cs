using System.Diagnostics;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Elementwise operations and reductions beside a copy that moves as many bytes: medians of alternating runs.</summary>
sealed unsafe class MemoryBound : IDisposable
{
    const int Rounds = 21, N = 64, C = 64, Side = 56, Plane = Side * Side, Length = N * C * Plane, Classes = 1000, Scored = Length / Classes * Classes;

    /// <summary>Bytes from which the copies take another stretch each time: what they read is not in the last cache from the time before.</summary>
    const long Region = 256L << 20;

    readonly Team _team;
    readonly DeviceBuffer<float> _source, _target;
    long _next;

    MemoryBound(CpuDevice device, int threads)
    {
        _team = new(threads);
        _source = device.Allocate<float>(Region / sizeof(float));
        _target = device.Allocate<float>(Region / sizeof(float));
        device.Fill(_source.View, 1f);
        device.Fill(_target.View, 1f);
    }

    public static void Print(int threads)
    {
        using var device = new CpuDevice(threads);
        using var bench = new MemoryBound(device, threads == 0 ? Environment.ProcessorCount : threads);
        Console.WriteLine($"{device.Description}; arrays of {Length * 4L >> 20} MiB; ours / copy of the same bytes, medians of {Rounds} alternating runs, and the fastest runs");
        bench.Rows(device);
    }

    void Rows(CpuDevice device)
    {
        using var a = Random01.Buffer(device, Length, 1);
        using var b = Random01.Buffer(device, Length, 2);
        using var channels = Random01.Buffer(device, C, 3);
        using var y = Random01.Buffer(device, Length, 4);
        using var ones = device.Allocate<float>(Length);
        using var argmax = device.Allocate<int>(Length / 4);
        device.Fill(ones.View, 1f);
        var plain = BroadcastShape.Of([Length], [Length]);
        var perChannel = BroadcastShape.Of([N, C, Plane], [C, 1]);

        Row("relu", 2, () => device.Unary.Forward<Relu>(a.View, y.View));
        Row("relu gradient", 4, () => device.Unary.Backward<Relu>(a.View, b.View, ones.View, y.View));
        Row("sigmoid", 2, () => device.Unary.Forward<Sigmoid>(a.View, y.View));
        Row("exp", 2, () => device.Unary.Forward<Exp>(a.View, y.View));
        Row("tanh", 2, () => device.Unary.Forward<Tanh>(a.View, y.View));
        Row("add", 3, () => device.Binary.Forward<Add>(a.View, b.View, y.View, plain));
        Row("add per channel", 2, () => device.Binary.Forward<Add>(a.View, channels.View, y.View, perChannel));
        Row("sum of all", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, 1), 1f, new(1, Length, 1)));
        Row("sum of rows", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, N * C), 1f, new(N * C, Plane, 1)));
        Row("sum over the batch", 1, () => device.Reduce.Along<Sum>(a.View, y.View.SubView(0, C * Plane), 1f, new(1, N, C * Plane)));
        Row("maximum of rows", 1, () => device.Reduce.Along<Maximum>(a.View, y.View.SubView(0, N * C), 1f, new(N * C, Plane, 1)));
        Row("batch norm", 2, () => device.BatchNorm.InferenceForward(a.View, channels.View, channels.View, channels.View, ones.View.SubView(0, C), y.View, new(N, C, Plane, 1e-5f)));
        Row("softmax of rows", 2, () => device.Softmax.Forward(a.View.SubView(0, Scored), y.View.SubView(0, Scored), new(Scored / Classes, Classes)));
        Row("max pool 2x2", 1.5, () => device.Pool2d.MaxForward(a.View, y.View.SubView(0, Length / 4), argmax.View, new(N * C, Side, Side, 2, 2, 2, 2)));
        Row("dropout", 2, () => device.Dropout.Apply(a.View, y.View, new(0.5f, 1, 2)));
        Row("adam", 7, () => device.Optimize.Adam(y.View, a.View, b.View, ones.View, new(1e-3, 0.9, 0.999, 1e-8, 0, false, 100)));
    }

    /// <param name="moved">Arrays read or written; a copy of k bytes moves 2k. The better of one thread and the whole team is the yardstick.</param>
    void Row(string name, double moved, Action ours)
    {
        long bytes = (long)(Length * 4L * moved / 2);
        double[] mine = new double[Rounds], single = new double[Rounds], together = new double[Rounds];
        for (int i = -1; i < Rounds; i++)
        {
            double t0 = Time(ours), t1 = Copy(bytes, false), t2 = Copy(bytes, true);
            if (i >= 0) (mine[i], single[i], together[i]) = (t0, t1, t2);
        }
        double copy = Math.Min(Median(single), Median(together)), best = mine.Min() / Math.Min(single.Min(), together.Min());
        Console.WriteLine($"{name,-20} {Median(mine),7:f2} ms / {copy,7:f2} ms = {Median(mine) / copy:f2}   ({bytes * 2 / Median(mine) / 1e6:f1} GB/s; fastest / fastest {best:f2})");
    }

    double Copy(long bytes, bool together)
    {
        if (_next + bytes > Region) _next = 0;
        byte* from = (byte*)_source.View.Data + _next, to = (byte*)_target.View.Data + _next;
        _next += bytes;
        return together
            ? Time(() => _team.For(bytes, 4096, (f, t) => Buffer.MemoryCopy(from + f, to + f, t - f, t - f)))
            : Time(() => Buffer.MemoryCopy(from, to, bytes, bytes));
    }

    public void Dispose()
    {
        _team.Dispose();
        _source.Dispose();
        _target.Dispose();
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
