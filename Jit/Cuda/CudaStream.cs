namespace IlgpuXai.Jit;

/// <summary>The queue of one context: copies, fills and launches run in the order in which they are asked for.</summary>
sealed unsafe class CudaStream
{
    volatile string? _lastKernel;

    public CudaStream(DriverApi driver)
    {
        Driver = driver;
        nint handle;
        driver.Check(driver.StreamCreate(&handle, DriverFlags.StreamNonBlocking), "stream");
        Handle = handle;
    }

    public DriverApi Driver { get; }
    public nint Handle { get; }

    /// <summary>Returns when everything that was asked for is done.</summary>
    public void Synchronize() => Check(Driver.StreamSynchronize(Handle), "waiting for the device");

    /// <summary>Remembers which kernel to name should one fail: the driver tells of it only at a later call.</summary>
    public void Launched(string kernel) => _lastKernel = kernel;

    public nint NewEvent(uint flags)
    {
        nint e;
        Check(Driver.EventCreate(&e, flags), "event");
        return e;
    }

    public void Record(nint e) => Check(Driver.EventRecord(e, Handle), "event");

    public void Wait(nint e) => Check(Driver.EventSynchronize(e), "waiting for the device");

    /// <exception cref="GpuException">The status is not a success; if a kernel failed meanwhile, the message says so instead of what was being done.</exception>
    public void Check(CudaStatus status, string doing)
    {
        if (status == CudaStatus.Success) return;
        bool kernelFailed = (int)status is >= FirstLaunchFailure and <= LastLaunchFailure && _lastKernel is not null;
        throw new GpuException(kernelFailed ? $"a kernel failed, '{_lastKernel}' or one launched before it: {Driver.Words(status)}; the device has to be opened anew" : $"{doing}: {Driver.Words(status)}");
    }

    public void Destroy() => _ = Driver.StreamDestroy(Handle);

    // CUDA_ERROR_ILLEGAL_ADDRESS to CUDA_ERROR_LAUNCH_FAILED
    const int FirstLaunchFailure = 700, LastLaunchFailure = 719;
}
