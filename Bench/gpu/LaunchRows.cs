using ILGPU;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>What a launch costs beside the work of its kernel: translating, compiling, finding a compiled kernel, and asking for it.</summary>
static class LaunchRows
{
    const int Rounds = 7, Launches = 200;
    const string Product = "TiledProduct.MatrixProduct.Plain.Plain.MatMulShape";

    /// <summary>Rows by name, each with what measures its samples in milliseconds; <c>op</c> names what a peer can do too.</summary>
    public static IEnumerable<(string Name, string Op, Func<GpuDevice, double[]> Measure)> All =>
    [
        ("launch of an empty kernel, until the host goes on", "launch", device => Launch(device, wait: false)),
        ("launch of an empty kernel, until the device has done it, many in the queue", "launch, queued", device => Launch(device, wait: true)),
        ("translating the matrix product to text", "", device => Translate(device)),
        ("first matrix product, nothing cached: translated, compiled, loaded", "", device => First(device, cached: false)),
        ("first matrix product, its kernel cached: translated, loaded", "", device => First(device, cached: true)),
    ];

    static void Nothing(Index1D i, View x) { }

    static double[] Launch(GpuDevice device, bool wait)
    {
        using var x = device.Allocate<float>(1);
        var launch = device.Runner.LoadAuto<View>(Nothing);
        launch(1, x.View);
        double[] samples = new double[Rounds];
        for (int r = 0; r < Rounds; r++)
        {
            device.Synchronize();
            samples[r] = GpuClock.OnHost(() =>
            {
                for (int i = 0; i < Launches; i++) launch(1, x.View);
                if (wait) device.Synchronize();
            }) / Launches;
        }
        return samples;
    }

    static double[] Translate(GpuDevice device)
    {
        var options = new TranslationOptions(device is OpenClDevice ? Language.OpenCl : Language.Cuda) { Restrict = true };
        var kernel = KernelCatalogue.All[Product];
        KernelTranslator.Translate(kernel, options);
        return [.. Enumerable.Range(0, Rounds).Select(_ => GpuClock.OnHost(() => KernelTranslator.Translate(kernel, options)))];
    }

    /// <summary>Each sample on a device opened anew; a folder of its own is the cache.</summary>
    static double[] First(GpuDevice device, bool cached)
    {
        string folder = Directory.CreateTempSubdirectory("kernels").FullName;
        try
        {
            if (cached) FirstProduct(device, folder);
            return [.. Enumerable.Range(0, 3).Select(_ =>
            {
                if (!cached) Directory.Delete(folder, recursive: true);
                return FirstProduct(device, folder);
            })];
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    static double FirstProduct(GpuDevice kind, string folder)
    {
        using GpuDevice device = kind switch
        {
            CudaDevice => new CudaDevice(cache: new(folder)),
            OpenClDevice => new OpenClDevice(cache: new(folder)),
            _ => throw new NotSupportedException($"the device '{kind.Name}' keeps no compiled kernels"),
        };
        using var work = new MatMulWork(device, new(64, 64, 64));
        device.Synchronize();
        return GpuClock.OnHost(() => { work.Run(); device.Synchronize(); });
    }
}
