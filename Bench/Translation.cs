using System.Diagnostics;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>How long a kernel takes on its way from IL to a running launch: translation, and the first launch of one whose binary is cached.</summary>
static class Translation
{
    public static void Print()
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            double[] times = [.. KernelCatalogue.All.Values.Select(k => Milliseconds(() => KernelTranslator.Translate(k, new(language) { Restrict = true })))];
            Console.WriteLine($"{language}: {times.Length} kernels translated, the first in {times[0]:0.0} ms, the others in {Median(times[1..]):0.00} ms (median), {times[1..].Max():0.0} ms (most)");
        }
        var found = Devices.All.Where(d => d.Name is "cuda" or "opencl" && d.Find().Devices.Count > 0).Select(d => d.Name).ToList();
        foreach (string name in found) CachedLaunches(name);
    }

    static void CachedLaunches(string name)
    {
        var cache = new KernelCache(Directory.CreateTempSubdirectory("ilgpuxai-bench").FullName);
        try
        {
            using (var device = Open(name, cache)) Launches(device);          // fills the cache
            using (var device = Open(name, cache))
            {
                Console.WriteLine($"{name}, {device.Description}: first launches of cached kernels, loaded, run and waited for:");
                foreach (var (what, milliseconds) in Launches(device)) Console.WriteLine($"  {what}: {milliseconds:0.0} ms");
            }
        }
        finally
        {
            Directory.Delete(cache.Folder, recursive: true);
        }
    }

    static GpuDevice Open(string name, KernelCache cache) => name == "cuda" ? new CudaDevice(cache: cache) : new OpenClDevice(cache: cache);

    static List<(string What, double Milliseconds)> Launches(GpuDevice device)
    {
        using DeviceBuffer<float> x = device.Allocate<float>(64 * 64), y = device.Allocate<float>(64 * 64), z = device.Allocate<float>(64 * 64);
        device.Fill(x.View, 0.5f);
        device.Fill(y.View, 0.25f);
        device.Synchronize();
        var works = new (string, Action)[]
        {
            ("relu", () => device.Unary.Forward<Relu>(x.View, z.View)),
            ("gelu", () => device.Unary.Forward<Gelu>(x.View, z.View)),
            ("add", () => device.Binary.Forward<Add>(x.View, y.View, z.View, BroadcastShape.Of([4096], [4096]))),
            ("softmax", () => device.Softmax.Forward(x.View, z.View, new(64, 64))),
            ("matrix product", () => device.MatMul.Multiply(x.View, y.View, z.View, new(64, 64, 64))),
        };
        return [.. works.Select(w => (w.Item1, Milliseconds(() => { w.Item2(); device.Synchronize(); })))];
    }

    static double Milliseconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
