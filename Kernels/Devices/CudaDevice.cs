using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>An NVIDIA GPU: kernels become CUDA C++, which NVIDIA's run-time compiler turns into machine code for this device.</summary>
public sealed class CudaDevice : GpuDevice
{
    readonly CudaContext _context;

    /// <param name="ordinal">Of <see cref="Find"/>.</param>
    /// <param name="libraries">Null: those of the system.</param>
    /// <param name="cache">Null: that of the user.</param>
    /// <exception cref="DeviceUnavailableException">No driver, no such device, no compiler: one line says which, and what to install.</exception>
    public CudaDevice(int ordinal = 0, KernelMath math = KernelMath.Contracted, CudaLibraries? libraries = null, KernelCache? cache = null)
        : this(Open(ordinal, libraries, cache), math) { }

    CudaDevice(CudaContext context, KernelMath math) : base(new CudaMemory(context), new JitRunner(context, math)) => _context = context;

    public override string Name => "cuda";

    /// <summary><c>NVIDIA H200, 139 GiB, 132 multiprocessors, 1.98 GHz</c></summary>
    public override string Description => _context.Facts.ToString();

    public CudaDeviceFacts Facts => _context.Facts;

    /// <summary>The context of its memory and kernels, to measure times on the device.</summary>
    public CudaContext Context => _context;

    /// <summary>The devices that can be opened, or why there is none; opens none.</summary>
    public static CudaDevices Find(CudaLibraries? libraries = null) => CudaDevices.Find(libraries);

    static CudaContext Open(int ordinal, CudaLibraries? libraries, KernelCache? cache)
    {
        try { return new(ordinal, libraries, cache); }
        catch (GpuException e) { throw new DeviceUnavailableException($"device 'cuda': {e.Message}"); }
    }

    public override void Dispose()
    {
        base.Dispose();
        _context.Dispose();
    }
}
