using BenchmarkDotNet.Running;
using IlgpuXai.Kernels;
using IlgpuXai.Bench;

switch (args)
{
    case ["worker", .. var rest]:
        Worker.Serve(rest is [var threads] ? int.Parse(threads) : 0);
        break;
    case ["outputs", var device, var model, var weights, var input, var output]:
        return NetworkOutputs.Write(device, model, weights, input, output);
    case ["peak"]:
        foreach (int n in new[] { 1, Environment.ProcessorCount }.Distinct()) Console.WriteLine($"{n} threads: {FmaPeak.Measure(n):n0} GFLOP/s");
        break;
    case ["memory", .. var rest]:
        MemoryBound.Print(rest is [var count] ? int.Parse(count) : 0);
        break;
    case ["growth", .. var rest]:
        Growth.Print(rest is [var folder] ? folder : null);
        break;
    case ["load", var file]:
        Loading.Print(file);
        break;
#if !ILGPU_BOUND
    case ["gpu", .. var rest]:
        return GpuReport.Run(rest);
    case ["translate"]:
        Translation.Print();
        break;
#endif
    default:
        BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarkConfig).Assembly).Run(args, new KernelBenchmarkConfig());
        break;
}
return 0;
