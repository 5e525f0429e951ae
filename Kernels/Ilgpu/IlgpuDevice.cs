using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace IlgpuXai.Kernels;

/// <summary>The kernels of GPUs, compiled and run by ILGPU on one of its accelerators.</summary>
public sealed class IlgpuDevice : GpuDevice
{
    readonly Context _context;
    readonly Accelerator _accelerator;

    IlgpuDevice(string name, Context context, Accelerator accelerator) : base(new IlgpuMemory(accelerator), new IlgpuRunner(accelerator)) =>
        (Name, _context, _accelerator) = (name, context, accelerator);

    public override string Name { get; }
    public override string Description => $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}: {_accelerator.Name} ({_accelerator.AcceleratorType})";

    internal static IlgpuDevice Open(string name, AcceleratorType? type)
    {
        // The emulated accelerator must admit groups of 256 threads.
        var context = Context.Create(b => b.CPU(CPUDeviceKind.AMD).OpenCL().Cuda().EnableAlgorithms());
        try
        {
            var device = context.Devices.Where(d => type is null || d.AcceleratorType == type).MaxBy(d => (Rank(d.AcceleratorType), d.MaxNumThreads))
                ?? throw new DeviceUnavailableException($"device '{name}': ILGPU finds no such accelerator here: {string.Join(", ", context.Devices.Select(d => d.Name))}");
            return new(name, context, device.CreateAccelerator(context));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    static int Rank(AcceleratorType type) => type switch { AcceleratorType.Cuda => 2, AcceleratorType.OpenCL => 1, _ => 0 };

    public override void Dispose()
    {
        base.Dispose();
        _accelerator.Dispose();
        _context.Dispose();
    }
}
