using System.Runtime.InteropServices;
using System.Text;

namespace IlgpuXai.Jit;

/// <summary>NVIDIA's run-time compiler: CUDA C++ → machine code or PTX. Safe from several threads.</summary>
sealed unsafe class Nvrtc
{
    const int Oldest = 12;

    readonly NvrtcApi _api;

    Nvrtc(string file, nint library)
    {
        (File, _api) = (file, new(library));
        int major, minor, count;
        _api.Check(_api.Version(&major, &minor), "version");
        _api.Check(_api.GetNumSupportedArchs(&count), "architectures");
        Version = new(major, minor);
        Architectures = new int[count];
        fixed (int* p = Architectures) _api.Check(_api.GetSupportedArchs(p), "architectures");
    }

    /// <summary>As it was found.</summary>
    public string File { get; }

    /// <summary>Of CUDA.</summary>
    public Version Version { get; }

    /// <summary>Compute capabilities, 90 for 9.0.</summary>
    public int[] Architectures { get; }

    /// <summary>The library in <paramref name="file"/>, else in the variable <see cref="NvrtcSearch.Variable"/>, else the first one found that the driver can work with.</summary>
    /// <param name="driverVersion">The CUDA version that the driver serves, 12040 for 12.4: a compiler of a later major version makes code that it does not load. 0: no driver is asked.</param>
    /// <exception cref="GpuException">None was found; the message says what to install or set.</exception>
    public static Nvrtc Load(string? file, int driverVersion)
    {
        if ((file ?? Environment.GetEnvironmentVariable(NvrtcSearch.Variable)) is { Length: > 0 } chosen)
            return Open(chosen) ?? throw new GpuException($"{chosen} cannot be loaded as NVRTC, the CUDA run-time compiler{(file is null ? $" ({NvrtcSearch.Variable} names it)" : "")}");
        string? refusal = null;
        foreach (string candidate in NvrtcSearch.OfSystem().Candidates())
        {
            if (Open(candidate) is not { } found) continue;
            if (found.Version.Major >= Oldest && (driverVersion == 0 || found.Version.Major <= driverVersion / 1000)) return found;
            refusal ??= found.Version.Major < Oldest ? $"NVRTC {found.Version} ({candidate}) is too old" : $"NVRTC {found.Version} ({candidate}) is newer than the driver, which serves CUDA {driverVersion / 1000}.{driverVersion % 1000 / 10}";
        }
        int wanted = driverVersion == 0 ? Oldest : driverVersion / 1000;
        throw new GpuException($"{refusal ?? "NVRTC, the CUDA run-time compiler, was not found"}: install {(wanted > Oldest ? "the CUDA 13 or 12 toolkit or the Python package nvidia-cuda-nvrtc" : "the CUDA 12 toolkit or the Python package nvidia-cuda-nvrtc-cu12")}, "
            + $"or set {NvrtcSearch.Variable} to the file of the library");
    }

    /// <summary>As <see cref="NvrtcOptions.Architecture"/> chooses.</summary>
    /// <exception cref="GpuException">The device is too old for this compiler.</exception>
    public string ArchitectureFor(CudaDeviceFacts device) => NvrtcOptions.Architecture(device.ComputeCapability, Architectures)
        ?? throw new GpuException($"NVRTC {Version} does not compile for {device.Name} of compute capability {device.ComputeCapability / 10}.{device.ComputeCapability % 10}: an older NVRTC is needed");

    static Nvrtc? Open(string file)
    {
        if (!NativeLibrary.TryLoad(file, out nint library)) return null;
        try { return new(file, library); }
        catch (EntryPointNotFoundException) { return null; }
    }

    /// <summary>Machine code if the options name an <c>sm_</c> architecture, else PTX, which ends with a zero byte.</summary>
    /// <exception cref="GpuException">The text has an error; the message has the first.</exception>
    public byte[] Compile(KernelText text, IReadOnlyList<string> options)
    {
        nint program;
        fixed (byte* source = Terminated(text.Text), name = Terminated(text.EntryPoint + ".cu"))
            _api.Check(_api.CreateProgram(&program, source, name, 0, null, null), "new program");
        try
        {
            Compile(program, text.EntryPoint, options);
            return options.Any(o => o.StartsWith("--gpu-architecture=sm_", StringComparison.Ordinal))
                ? Read(program, _api.GetCubinSize, _api.GetCubin, "machine code") : Read(program, _api.GetPtxSize, _api.GetPtx, "PTX");
        }
        finally
        {
            _api.DestroyProgram(&program);
        }
    }

    void Compile(nint program, string kernel, IReadOnlyList<string> options)
    {
        var memory = options.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        NvrtcStatus status;
        fixed (nint* p = memory) status = _api.CompileProgram(program, memory.Length, (byte**)p);
        foreach (nint option in memory) Marshal.FreeCoTaskMem(option);
        if (status == NvrtcStatus.Success) return;
        string log = Encoding.UTF8.GetString(Read(program, _api.GetLogSize, _api.GetLog, "log"));
        throw new GpuException($"{kernel}: NVRTC {Version}: {FirstError(log) ?? _api.Words(status)}");
    }

    byte[] Read(nint program, delegate* unmanaged<nint, nuint*, NvrtcStatus> size, delegate* unmanaged<nint, byte*, NvrtcStatus> get, string what)
    {
        nuint bytes;
        _api.Check(size(program, &bytes), what);
        byte[] result = new byte[bytes];
        fixed (byte* p = result)
            if (bytes > 0) _api.Check(get(program, p), what);
        return result;
    }

    /// <summary>The first line of a compiler's log that names an error, else its first line; null if it is empty.</summary>
    internal static string? FirstError(string log)
    {
        var lines = log.Split('\n').Select(l => l.Trim('\0', ' ', '\r')).Where(l => l.Length > 0).ToList();
        return lines.FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.FirstOrDefault();
    }

    static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
