using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>A GPU, or a processor, with an OpenCL driver: kernels become OpenCL C, which the driver compiles.</summary>
public sealed class OpenClDevice : GpuDevice
{
    readonly OpenClContext _context;

    /// <param name="number">Of <see cref="OpenClDeviceInfo.All"/>: GPUs come first.</param>
    /// <param name="cache">Of compiled kernels; null: that of the user.</param>
    /// <param name="optimize">False switches the driver's optimiser off: to tell its faults from those of a kernel's text.</param>
    /// <exception cref="DeviceUnavailableException">No loader, no platform, or no such device.</exception>
    public OpenClDevice(int number = 0, KernelMath math = KernelMath.Contracted, KernelCache? cache = null, bool optimize = true) : this(Open(number, cache, optimize), math) { }

    OpenClDevice(OpenClContext context, KernelMath math) : base(new Memory(context), new JitRunner(context, math)) => _context = context;

    public override string Name => "opencl";
    public override string Description => Describe(_context.Device);

    /// <summary>The context of its memory and kernels.</summary>
    public OpenClContext Context => _context;

    /// <summary><c>AMD EPYC (Portable Computing Language), 20.6 GiB, 2 compute units, 2.0 GHz</c></summary>
    public static string Describe(OpenClDeviceInfo d) =>
        $"{d.Name} ({d.PlatformName}), {d.GlobalMemory / 1073741824.0:0.#} GiB, {d.ComputeUnits} compute units, {d.ClockMegahertz / 1000.0:0.##} GHz";

    static OpenClContext Open(int number, KernelCache? cache, bool optimize)
    {
        try
        {
            var all = OpenClDeviceInfo.All();
            if (all.Count == 0) throw new DeviceUnavailableException("device 'opencl': the OpenCL platforms here have no device");
            if (number >= all.Count) throw new DeviceUnavailableException($"device 'opencl': there is no device {number}, only {all.Count}");
            return new(all[number], cache, optimize);
        }
        catch (GpuException e)
        {
            throw new DeviceUnavailableException($"device 'opencl': {e.Message}");
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _context.Dispose();
    }

    sealed class Memory(OpenClContext context) : IMemory
    {
        public nint Reserve(long bytes) => context.Memory.Reserve(bytes);
        public void Release(nint address, long bytes) => context.Memory.Release(address);
        public void Upload(ReadOnlySpan<byte> from, nint to) => context.Memory.Upload(from, to);
        public void Download(nint from, Span<byte> to) => context.Memory.Download(from, to);
        public void Copy(nint from, nint to, long bytes) => context.Memory.Copy(from, to, bytes);
        public void Fill(nint to, long count, float value) => context.Memory.Fill(to, count, value);
        public void Synchronize() => context.Synchronize();
    }
}
