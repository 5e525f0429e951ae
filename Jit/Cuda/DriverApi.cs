using System.Runtime.InteropServices;

namespace IlgpuXai.Jit;

/// <summary>The functions of the CUDA driver API that are used here, by the names and types of <c>cuda.h</c>. Each returns a <see cref="CudaStatus"/>.</summary>
/// <remarks>The library is loaded when an instance is made, so that a program without a driver runs until somebody asks for a GPU.</remarks>
sealed unsafe class DriverApi
{
    public readonly delegate* unmanaged<uint, CudaStatus> Init;
    public readonly delegate* unmanaged<int*, CudaStatus> DriverGetVersion;
    public readonly delegate* unmanaged<CudaStatus, byte**, CudaStatus> GetErrorName, GetErrorString;

    public readonly delegate* unmanaged<int*, CudaStatus> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, CudaStatus> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, CudaStatus> DeviceGetName;
    public readonly delegate* unmanaged<nuint*, int, CudaStatus> DeviceTotalMem;
    public readonly delegate* unmanaged<int*, DeviceAttribute, int, CudaStatus> DeviceGetAttribute;

    public readonly delegate* unmanaged<nint*, int, CudaStatus> PrimaryContextRetain;
    public readonly delegate* unmanaged<int, CudaStatus> PrimaryContextRelease;
    public readonly delegate* unmanaged<nint, CudaStatus> ContextSetCurrent;

    public readonly delegate* unmanaged<nint*, nuint, CudaStatus> MemAlloc, MemAllocHost;
    public readonly delegate* unmanaged<nint, CudaStatus> MemFree, MemFreeHost;
    public readonly delegate* unmanaged<nint, nint, nuint, nint, CudaStatus> MemcpyHostToDevice, MemcpyDeviceToHost, MemcpyDeviceToDevice;   // to, from, bytes, stream
    public readonly delegate* unmanaged<nint, uint, nuint, nint, CudaStatus> MemsetD32;                                                      // to, value, count, stream

    public readonly delegate* unmanaged<nint*, uint, CudaStatus> StreamCreate, EventCreate;
    public readonly delegate* unmanaged<nint, CudaStatus> StreamSynchronize, StreamDestroy, EventQuery, EventSynchronize, EventDestroy;
    public readonly delegate* unmanaged<nint, nint, CudaStatus> EventRecord;
    public readonly delegate* unmanaged<float*, nint, nint, CudaStatus> EventElapsedTime;

    public readonly delegate* unmanaged<nint*, void*, uint, JitOption*, void**, CudaStatus> ModuleLoadData;
    public readonly delegate* unmanaged<nint, CudaStatus> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, CudaStatus> ModuleGetFunction;
    public readonly delegate* unmanaged<int*, FunctionAttribute, nint, CudaStatus> FuncGetAttribute;
    public readonly delegate* unmanaged<nint, FunctionAttribute, int, CudaStatus> FuncSetAttribute;

    /// <summary>function, grid x y z, group x y z, dynamic shared bytes, stream, parameters, extra</summary>
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaStatus> LaunchKernel;

    /// <param name="file">The library; null takes the system's.</param>
    /// <exception cref="GpuException">There is none, or it lacks a function.</exception>
    public DriverApi(string? file)
    {
        string name = file ?? (OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1");
        if (!NativeLibrary.TryLoad(name, out nint library)) throw new GpuException($"{name} was not found: it comes with the NVIDIA driver");
        nint At(string symbol) => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address
            : throw new GpuException($"{name} has no {symbol}: a newer NVIDIA driver is needed");

        Init = (delegate* unmanaged<uint, CudaStatus>)At("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, CudaStatus>)At("cuDriverGetVersion");
        GetErrorName = (delegate* unmanaged<CudaStatus, byte**, CudaStatus>)At("cuGetErrorName");
        GetErrorString = (delegate* unmanaged<CudaStatus, byte**, CudaStatus>)At("cuGetErrorString");

        DeviceGetCount = (delegate* unmanaged<int*, CudaStatus>)At("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, CudaStatus>)At("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, CudaStatus>)At("cuDeviceGetName");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, CudaStatus>)At("cuDeviceTotalMem_v2");
        DeviceGetAttribute = (delegate* unmanaged<int*, DeviceAttribute, int, CudaStatus>)At("cuDeviceGetAttribute");

        PrimaryContextRetain = (delegate* unmanaged<nint*, int, CudaStatus>)At("cuDevicePrimaryCtxRetain");
        PrimaryContextRelease = (delegate* unmanaged<int, CudaStatus>)At("cuDevicePrimaryCtxRelease_v2");
        ContextSetCurrent = (delegate* unmanaged<nint, CudaStatus>)At("cuCtxSetCurrent");

        MemAlloc = (delegate* unmanaged<nint*, nuint, CudaStatus>)At("cuMemAlloc_v2");
        MemAllocHost = (delegate* unmanaged<nint*, nuint, CudaStatus>)At("cuMemAllocHost_v2");
        MemFree = (delegate* unmanaged<nint, CudaStatus>)At("cuMemFree_v2");
        MemFreeHost = (delegate* unmanaged<nint, CudaStatus>)At("cuMemFreeHost");
        MemcpyHostToDevice = (delegate* unmanaged<nint, nint, nuint, nint, CudaStatus>)At("cuMemcpyHtoDAsync_v2");
        MemcpyDeviceToHost = (delegate* unmanaged<nint, nint, nuint, nint, CudaStatus>)At("cuMemcpyDtoHAsync_v2");
        MemcpyDeviceToDevice = (delegate* unmanaged<nint, nint, nuint, nint, CudaStatus>)At("cuMemcpyDtoDAsync_v2");
        MemsetD32 = (delegate* unmanaged<nint, uint, nuint, nint, CudaStatus>)At("cuMemsetD32Async");

        StreamCreate = (delegate* unmanaged<nint*, uint, CudaStatus>)At("cuStreamCreate");
        StreamSynchronize = (delegate* unmanaged<nint, CudaStatus>)At("cuStreamSynchronize");
        StreamDestroy = (delegate* unmanaged<nint, CudaStatus>)At("cuStreamDestroy_v2");
        EventCreate = (delegate* unmanaged<nint*, uint, CudaStatus>)At("cuEventCreate");
        EventQuery = (delegate* unmanaged<nint, CudaStatus>)At("cuEventQuery");
        EventRecord = (delegate* unmanaged<nint, nint, CudaStatus>)At("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, CudaStatus>)At("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, CudaStatus>)At("cuEventElapsedTime");
        EventDestroy = (delegate* unmanaged<nint, CudaStatus>)At("cuEventDestroy_v2");

        ModuleLoadData = (delegate* unmanaged<nint*, void*, uint, JitOption*, void**, CudaStatus>)At("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, CudaStatus>)At("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaStatus>)At("cuModuleGetFunction");
        FuncGetAttribute = (delegate* unmanaged<int*, FunctionAttribute, nint, CudaStatus>)At("cuFuncGetAttribute");
        FuncSetAttribute = (delegate* unmanaged<nint, FunctionAttribute, int, CudaStatus>)At("cuFuncSetAttribute");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaStatus>)At("cuLaunchKernel");
    }

    /// <param name="doing">What was asked for, for the message.</param>
    /// <exception cref="GpuException">The status is not a success.</exception>
    public void Check(CudaStatus status, string doing)
    {
        if (status != CudaStatus.Success) throw new GpuException($"{doing}: {Words(status)}");
    }

    /// <summary><c>an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)</c></summary>
    public string Words(CudaStatus status)
    {
        byte* name = null, text = null;
        _ = GetErrorName(status, &name);
        _ = GetErrorString(status, &text);
        return name is null ? $"CUDA error {(int)status}" : $"{Marshal.PtrToStringUTF8((nint)text)} ({Marshal.PtrToStringUTF8((nint)name)})";
    }
}
