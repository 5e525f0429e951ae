using System.Diagnostics;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary><c>load FILE</c>: how long a file of weights takes into the processor's memory, as float32, and what that costs the heap.</summary>
static class Loading
{
    const int Rounds = 7;

    // Whatever the file holds, so that no architecture is needed.
    sealed class Same : Module
    {
        public Same(Device device, IStateFile file)
        {
            foreach (var (name, stored) in StateNames.Repaired(file.Names.Where(n => !StateNames.IsCounter(n)))) Buffer(name, device.Empty(file.ShapeOf(stored)));
        }

        protected override Tensor Run(Tensor x, Pass pass) => x;
    }

    public static void Print(string path)
    {
        using var device = new CpuDevice();
        double[] milliseconds = new double[Rounds], processor = new double[Rounds];
        long numbers = 0, allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var busy = Environment.CpuUsage.TotalTime;
            long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
            using var file = StateFile.Open(path);
            using var module = new Same(device, file);
            module.Load(file);
            (milliseconds[round], allocated) = (Stopwatch.GetElapsedTime(start).TotalMilliseconds, GC.GetTotalAllocatedBytes() - before);
            processor[round] = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds;
            numbers = module.State().Sum(s => (long)s.Value.Shape.Elements);
            device.Trim();                                   // the next round takes its memory from the system as a program does
        }
        var (first, firstBusy) = (milliseconds[0], processor[0]);
        Array.Sort(milliseconds);
        Array.Sort(processor);
        Console.WriteLine($"{Path.GetFileName(path)}: {numbers:n0} numbers from {new FileInfo(path).Length / 1e6:0.0} MB, median of {Rounds}: {milliseconds[Rounds / 2]:0} ms ({processor[Rounds / 2]:0} ms of processor time)");
        Console.WriteLine($"the first of them: {first:0} ms ({firstBusy:0} ms of processor time); {allocated / 1e6:0.0} MB of managed memory each");
    }
}
