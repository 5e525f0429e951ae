using System.Diagnostics;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Time of work on a device: between two events where it has them, else on the host, from one idle moment to the next.</summary>
static class GpuClock
{
    const int Rounds = 7, SlowRounds = 3;
    const double FillMilliseconds = 5, SlowMilliseconds = 300;

    /// <summary>Milliseconds per run, one sample per round; a round repeats the work until it fills some milliseconds. The first run is not timed.</summary>
    public static double[] Samples(GpuDevice device, Action run)
    {
        run();
        device.Synchronize();
        double once = Milliseconds(device, run, 1);
        int times = Math.Clamp((int)(FillMilliseconds / Math.Max(once, 1e-3)), 1, 500);
        return [.. Enumerable.Range(0, once > SlowMilliseconds ? SlowRounds : Rounds).Select(_ => Milliseconds(device, run, times))];
    }

    static double Milliseconds(GpuDevice device, Action run, int times)
    {
        device.Synchronize();
        if (device is not CudaDevice cuda) return OnHost(() => { Repeat(run, times); device.Synchronize(); }) / times;
        using var start = cuda.Context.Mark();
        Repeat(run, times);
        using var end = cuda.Context.Mark();
        return start.MillisecondsUntil(end) / times;
    }

    static void Repeat(Action run, int times)
    {
        for (int i = 0; i < times; i++) run();
    }

    /// <summary>Milliseconds until <paramref name="run"/> returns.</summary>
    public static double OnHost(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
