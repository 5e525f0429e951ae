namespace IlgpuXai.Jit;

/// <summary>An open CUDA device: its memory, one queue of work, and kernels compiled for it. Safe from several threads.</summary>
/// <remarks>
/// The device's primary context is used, which other libraries in the process share. It is given back when the context was disposed and the last block of memory
/// was released, whichever is later.
/// </remarks>
public sealed unsafe class CudaContext : IGpuContext, IDisposable
{
    const long UploadBytes = 32 << 20, DownloadBytes = 4 << 20;

    readonly DriverApi _driver;
    readonly Nvrtc _nvrtc;
    readonly string _architecture;
    readonly int _device;
    readonly nint _context;
    readonly CudaStream _stream;
    readonly UploadRing _uploads;
    readonly DownloadPair _downloads;
    readonly Lock _uploadLock = new(), _downloadLock = new(), _lifeLock = new();
    readonly List<nint> _modules = [];
    int _blocks;
    bool _disposed;

    /// <param name="ordinal">Of <see cref="CudaDevices.Find"/>.</param>
    /// <param name="libraries">Null: those of the system.</param>
    /// <param name="cache">Null: that of the user.</param>
    /// <exception cref="GpuException">No driver, no such device, no compiler.</exception>
    public CudaContext(int ordinal = 0, CudaLibraries? libraries = null, KernelCache? cache = null)
    {
        _driver = CudaDevices.Start(libraries?.Driver);
        Facts = CudaDeviceFacts.Read(_driver, ordinal);
        _nvrtc = Nvrtc.Load(libraries?.Nvrtc, Facts.DriverVersion);
        _architecture = _nvrtc.ArchitectureFor(Facts);
        Cache = cache ?? KernelCache.OfUser();
        int device;
        nint context;
        _driver.Check(_driver.DeviceGet(&device, ordinal), $"CUDA device {ordinal}");
        _driver.Check(_driver.PrimaryContextRetain(&context, device), $"{Facts.Name} cannot be opened");
        (_device, _context) = (device, context);
        try
        {
            _driver.Check(_driver.ContextSetCurrent(context), "context");
            _stream = new(_driver);
        }
        catch
        {
            _ = _driver.PrimaryContextRelease(device);
            throw;
        }
        _uploads = new(_stream, UploadBytes);
        _downloads = new(_stream, DownloadBytes);
    }

    public CudaDeviceFacts Facts { get; }

    /// <summary>The compiler: <c>NVRTC 12.4</c>.</summary>
    public string Compiler => $"NVRTC {_nvrtc.Version}";

    public KernelCache Cache { get; }
    public Language Language => Language.Cuda;

    public IGpuKernel Build(KernelText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] options = NvrtcOptions.For(text.Options.Math, _architecture);
        string key = KernelCache.Key(text.Text, string.Join(' ', options), Facts.Name, $"{Facts.DriverVersion}", _nvrtc.Version.ToString());
        MakeCurrent();
        return Cache.Load(key, () => _nvrtc.Compile(text, options), image => Load(text, image));
    }

    CudaKernel Load(KernelText text, byte[] image)
    {
        nint module = CudaModule.Load(_driver, image, text.EntryPoint);
        lock (_lifeLock) _modules.Add(module);
        return new(this, _stream, module, text);
    }

    /// <summary>The address of a block aligned to 256 bytes; 0: there is no more memory.</summary>
    public nint Reserve(long bytes)
    {
        MakeCurrent();
        nint address;
        var status = _driver.MemAlloc(&address, (nuint)bytes);
        if (status == CudaStatus.OutOfMemory) return 0;
        _stream.Check(status, $"{bytes} bytes of device memory");
        lock (_lifeLock) _blocks++;
        return address;
    }

    /// <summary>Waits for the work that was asked for. Never throws: a context with a failed kernel refuses everything, and that failure was or will be reported elsewhere.</summary>
    public void Release(nint address)
    {
        _ = _driver.ContextSetCurrent(_context);
        _ = _driver.MemFree(address);
        lock (_lifeLock)
            if (--_blocks == 0 && _disposed) Close();
    }

    /// <summary>Returns when <paramref name="from"/> may be changed again.</summary>
    public void Upload(ReadOnlySpan<byte> from, nint to)
    {
        MakeCurrent();
        lock (_uploadLock) _uploads.Upload(from, to);
    }

    /// <summary>Returns when everything asked for before is done and <paramref name="to"/> is filled.</summary>
    public void Download(nint from, Span<byte> to)
    {
        MakeCurrent();
        lock (_downloadLock) _downloads.Download(from, to);
    }

    public void Copy(nint from, nint to, long bytes)
    {
        MakeCurrent();
        _stream.Check(_driver.MemcpyDeviceToDevice(to, from, (nuint)bytes, _stream.Handle), "copy on the device");
    }

    public void Fill(nint to, long count, float value)
    {
        MakeCurrent();
        _stream.Check(_driver.MemsetD32(to, BitConverter.SingleToUInt32Bits(value), (nuint)count, _stream.Handle), "fill");
    }

    /// <exception cref="GpuException">A kernel failed.</exception>
    public void Synchronize()
    {
        MakeCurrent();
        _stream.Synchronize();
    }

    /// <summary>A moment in the queue, to measure from or to.</summary>
    public CudaMoment Mark()
    {
        MakeCurrent();
        return new(this, _stream);
    }

    /// <summary>The driver keeps a current context per thread.</summary>
    internal void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _stream.Check(_driver.ContextSetCurrent(_context), "context");
    }

    public void Dispose()
    {
        lock (_lifeLock)
        {
            if (_disposed) return;
            _disposed = true;
            if (_blocks == 0) Close();
        }
    }

    // Results are ignored: after a failed kernel every call fails, and giving the context back frees all that is left.
    void Close()
    {
        _ = _driver.ContextSetCurrent(_context);
        _ = _driver.StreamSynchronize(_stream.Handle);
        _uploads.Free();
        _downloads.Free();
        foreach (nint module in _modules) _ = _driver.ModuleUnload(module);
        _stream.Destroy();
        _ = _driver.PrimaryContextRelease(_device);
    }
}
