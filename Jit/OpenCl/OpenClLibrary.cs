using System.Runtime.InteropServices;

namespace IlgpuXai.Jit;

/// <summary>OpenCL 1.2's functions, as many as we call, from the loader that the system has.</summary>
/// <remarks>Khronos, "The OpenCL Specification", version 1.2. Loaded by hand: where there is no loader nothing fails but the question for devices.</remarks>
sealed unsafe partial class OpenClLibrary
{
    static readonly string[] s_names = OperatingSystem.IsWindows() ? ["OpenCL.dll"] : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"] : ["libOpenCL.so.1", "libOpenCL.so"];

    static readonly Lazy<OpenClLibrary?> s_loaded = new(Load);

    readonly nint _library;

    OpenClLibrary(nint library)
    {
        _library = library;
        GetPlatformIDs = (delegate* unmanaged<uint, nint*, uint*, int>)Find("clGetPlatformIDs");
        GetPlatformInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetPlatformInfo");
        GetDeviceIDs = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Find("clGetDeviceIDs");
        GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetDeviceInfo");
        CreateContext = (delegate* unmanaged<nint*, uint, nint*, nint, void*, int*, nint>)Find("clCreateContext");
        CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Find("clCreateCommandQueue");
        CreateProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Find("clCreateProgramWithSource");
        CreateProgramWithBinary = (delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint>)Find("clCreateProgramWithBinary");
        BuildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, nint, void*, int>)Find("clBuildProgram");
        GetProgramBuildInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)Find("clGetProgramBuildInfo");
        GetProgramInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetProgramInfo");
        CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Find("clCreateKernel");
        SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Find("clSetKernelArg");
        CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Find("clCreateBuffer");
        EnqueueWriteBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueWriteBuffer");
        EnqueueReadBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueReadBuffer");
        EnqueueCopyBuffer = (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueCopyBuffer");
        EnqueueFillBuffer = (delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueFillBuffer");
        EnqueueNDRangeKernel = (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Find("clEnqueueNDRangeKernel");
        GetEventProfilingInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetEventProfilingInfo");
        Finish = (delegate* unmanaged<nint, int>)Find("clFinish");
        ReleaseMemObject = (delegate* unmanaged<nint, int>)Find("clReleaseMemObject");
        ReleaseEvent = (delegate* unmanaged<nint, int>)Find("clReleaseEvent");
        ReleaseKernel = (delegate* unmanaged<nint, int>)Find("clReleaseKernel");
        ReleaseProgram = (delegate* unmanaged<nint, int>)Find("clReleaseProgram");
        ReleaseCommandQueue = (delegate* unmanaged<nint, int>)Find("clReleaseCommandQueue");
        ReleaseContext = (delegate* unmanaged<nint, int>)Find("clReleaseContext");
    }

    public readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIDs;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo;
    public readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIDs;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo;
    public readonly delegate* unmanaged<nint*, uint, nint*, nint, void*, int*, nint> CreateContext;
    public readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue;
    public readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource;
    public readonly delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint> CreateProgramWithBinary;
    public readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, void*, int> BuildProgram;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetProgramInfo;
    public readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg;
    public readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer;
    public readonly delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueCopyBuffer;
    public readonly delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueFillBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueNDRangeKernel;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetEventProfilingInfo;
    public readonly delegate* unmanaged<nint, int> Finish, ReleaseMemObject, ReleaseEvent, ReleaseKernel, ReleaseProgram, ReleaseCommandQueue, ReleaseContext;

    /// <exception cref="GpuException">No OpenCL loader is installed.</exception>
    public static OpenClLibrary Instance => s_loaded.Value ?? throw new GpuException($"OpenCL is not installed: {s_names[0]} was not found");

    static OpenClLibrary? Load()
    {
        // PoCL would take the signal of divisions by zero away from the runtime, which then could not throw.
        if (OperatingSystem.IsLinux()) _ = SetEnvironment("POCL_SIGFPE_HANDLER", "0", 0);
        foreach (string name in s_names)
            if (NativeLibrary.TryLoad(name, out nint library)) return new(library);
        return null;
    }

    // What .NET sets is seen by .NET alone.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    nint Find(string function) => NativeLibrary.TryGetExport(_library, function, out nint address) ? address : throw new GpuException($"the OpenCL loader is too old: it has no {function}");

    /// <exception cref="GpuException">A call failed; the message names it and the error.</exception>
    public static void Check(int code, string call)
    {
        if (code != 0) throw new GpuException($"{call}: {Error(code)}");
    }

    public static string Error(int code) => code switch
    {
        -1 => "no device found",
        -2 => "the device is not available",
        -4 => "no device memory left",
        -5 => "out of resources",
        -6 => "out of host memory",
        -11 => "the program does not compile",
        -30 => "invalid value",
        -38 => "invalid memory object",
        -42 => "invalid binary",
        -52 => "arguments missing",
        -54 => "invalid size of groups",
        -55 => "invalid size along an axis of groups",
        -61 => "invalid size of a buffer",
        -1001 => "no platform is installed",
        _ => $"error {code}",
    };
}
