namespace IlgpuXai.Jit;

/// <summary>The CUDA devices that kernels can run on.</summary>
/// <param name="Devices">In the driver's order.</param>
/// <param name="Reason">Why there is none, in one line; null if there is one.</param>
public sealed record CudaDevices(IReadOnlyList<CudaDeviceFacts> Devices, string? Reason)
{
    /// <summary>Asks the driver and looks for the compiler; opens no device.</summary>
    public static CudaDevices Find(CudaLibraries? libraries = null)
    {
        try
        {
            var driver = Start(libraries?.Driver);
            var devices = All(driver);
            var nvrtc = Nvrtc.Load(libraries?.Nvrtc, devices[0].DriverVersion);
            var served = devices.FindAll(d => NvrtcOptions.Architecture(d.ComputeCapability, nvrtc.Architectures) is not null);
            if (served.Count == 0) _ = nvrtc.ArchitectureFor(devices[0]);
            return new(served, null);
        }
        catch (GpuException e)
        {
            return new([], e.Message);
        }
    }

    /// <exception cref="GpuException">No driver, or no device.</exception>
    internal static unsafe DriverApi Start(string? file)
    {
        var driver = new DriverApi(file);
        var status = driver.Init(0);
        if (status == CudaStatus.NoDevice) throw NoDevice;
        driver.Check(status, "the NVIDIA driver did not start");
        return driver;
    }

    static unsafe List<CudaDeviceFacts> All(DriverApi driver)
    {
        int count;
        driver.Check(driver.DeviceGetCount(&count), "CUDA devices");
        return count > 0 ? [.. Enumerable.Range(0, count).Select(i => CudaDeviceFacts.Read(driver, i))] : throw NoDevice;
    }

    static GpuException NoDevice => new("the NVIDIA driver is there but finds no CUDA device");
}
