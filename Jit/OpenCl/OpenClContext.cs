using System.Text;

namespace IlgpuXai.Jit;

/// <summary>An open OpenCL device with one queue, whose requests run in order.</summary>
public sealed unsafe class OpenClContext : IGpuContext, IDisposable
{
    const ulong Profiling = 2;

    readonly OpenClLibrary _cl = OpenClLibrary.Instance;
    readonly nint _context;
    readonly bool _optimize;
    readonly List<nint> _programs = [], _kernels = [];

    /// <param name="cache">Null: that of the user.</param>
    /// <param name="optimize">False asks the driver's compiler to take the text as it stands: a result that differs then is the optimiser's.</param>
    /// <exception cref="GpuException">The driver does not open the device.</exception>
    public OpenClContext(OpenClDeviceInfo device, KernelCache? cache = null, bool optimize = true)
    {
        (Device, Cache, _optimize) = (device, cache ?? KernelCache.OfUser(), optimize);
        nint id = device.Id;
        int error;
        _context = _cl.CreateContext(null, 1, &id, 0, null, &error);
        OpenClLibrary.Check(error, $"OpenCL context of {device.Name}");
        Queue = _cl.CreateCommandQueue(_context, id, Profiling, &error);
        OpenClLibrary.Check(error, $"OpenCL queue of {device.Name}");
        Memory = new OpenClMemory(this, _context);
    }

    public OpenClDeviceInfo Device { get; }
    public KernelCache Cache { get; }
    public Language Language => Language.OpenCl;
    internal nint Queue { get; }
    public OpenClMemory Memory { get; }

    public IGpuKernel Build(KernelText text)
    {
        string options = Options(text.Options.Math);
        nint program = 0;
        string key = KernelCache.Key("OpenCL", text.Text, options, Device.PlatformName, Device.Name, Device.Version, Device.DriverVersion);
        program = Cache.Load(key, () => Binary(program = Compile(text, options)), binary => program != 0 ? program : Load(text, binary, options));
        _programs.Add(program);
        int error;
        nint kernel;
        fixed (byte* name = Encoding.UTF8.GetBytes(text.EntryPoint + "\0")) kernel = _cl.CreateKernel(program, name, &error);
        OpenClLibrary.Check(error, text.EntryPoint);
        _kernels.Add(kernel);
        return new OpenClKernel(this, kernel, text);
    }

    /// <summary>Returns when everything asked for is done.</summary>
    public void Synchronize() => OpenClLibrary.Check(_cl.Finish(Queue), $"OpenCL on {Device.Name}");

    string Options(KernelMath math) => (_optimize ? "-cl-std=CL1.2" : "-cl-std=CL1.2 -cl-opt-disable") + math switch
    {
        KernelMath.Exact => Device.HasCorrectlyRoundedDivide ? " -cl-fp32-correctly-rounded-divide-sqrt" : "",
        KernelMath.Contracted => " -cl-mad-enable",
        _ => " -cl-fast-relaxed-math -cl-mad-enable",
    };

    nint Compile(KernelText text, string options)
    {
        byte[] source = Encoding.UTF8.GetBytes(text.Text);
        int error;
        nint program;
        fixed (byte* p = source)
        {
            byte* start = p;
            nuint length = (nuint)source.Length;
            program = _cl.CreateProgramWithSource(_context, 1, &start, &length, &error);
        }
        OpenClLibrary.Check(error, text.EntryPoint);
        int built = BuildProgram(program, options);
        if (built == 0) return program;
        string log = Log(program);
        _cl.ReleaseProgram(program);
        throw new GpuException($"{text.EntryPoint} does not compile for {Device.Name}: {CompilerLog.FirstError(log)}");
    }

    nint Load(KernelText text, byte[] binary, string options)
    {
        nint id = Device.Id, program;
        int status, error;
        fixed (byte* p = binary)
        {
            byte* start = p;
            nuint length = (nuint)binary.Length;
            program = _cl.CreateProgramWithBinary(_context, 1, &id, &length, &start, &status, &error);
        }
        if (error == 0 && status == 0 && BuildProgram(program, options) == 0) return program;
        if (error == 0) _cl.ReleaseProgram(program);
        throw new GpuException($"{Device.Name} does not take the binary of {text.EntryPoint}");
    }

    int BuildProgram(nint program, string options)
    {
        nint id = Device.Id;
        fixed (byte* o = Encoding.UTF8.GetBytes(options + "\0")) return _cl.BuildProgram(program, 1, &id, o, 0, null);
    }

    string Log(nint program)
    {
        nuint size;
        if (_cl.GetProgramBuildInfo(program, Device.Id, 0x1183, 0, null, &size) != 0 || size == 0) return "";
        var log = new byte[size];
        fixed (byte* p = log) _ = _cl.GetProgramBuildInfo(program, Device.Id, 0x1183, size, p, null);
        return Encoding.UTF8.GetString(log).TrimEnd('\0');
    }

    byte[] Binary(nint program)
    {
        nuint size;
        if (_cl.GetProgramInfo(program, 0x1165, (nuint)sizeof(nuint), &size, null) != 0 || size == 0) return [];
        var binary = new byte[size];
        fixed (byte* p = binary)
        {
            byte* start = p;
            OpenClLibrary.Check(_cl.GetProgramInfo(program, 0x1166, (nuint)sizeof(byte*), &start, null), "OpenCL program");
        }
        return binary;
    }

    public void Dispose()
    {
        foreach (nint kernel in _kernels) _cl.ReleaseKernel(kernel);
        foreach (nint program in _programs) _cl.ReleaseProgram(program);
        _cl.ReleaseCommandQueue(Queue);
        _cl.ReleaseContext(_context);
    }
}
