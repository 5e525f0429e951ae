using System.Text;

namespace IlgpuXai.Jit;

/// <summary>Loading of compiled kernels.</summary>
static unsafe class CudaModule
{
    const int LogBytes = 8192;

    /// <param name="image">Machine code, or PTX with its zero byte.</param>
    /// <exception cref="GpuException">The driver refuses it; if it compiled PTX, the message has its first error.</exception>
    public static nint Load(DriverApi driver, byte[] image, string kernel)
    {
        byte[] log = new byte[LogBytes];
        nint module;
        CudaStatus status;
        fixed (byte* code = image, errors = log)
        {
            var options = stackalloc JitOption[] { JitOption.ErrorLogBuffer, JitOption.ErrorLogBufferSizeBytes };
            void** values = stackalloc void*[] { errors, (void*)LogBytes };           // an integer is passed as a pointer of that value
            status = driver.ModuleLoadData(&module, code, 2, options, values);
        }
        if (status == CudaStatus.Success) return module;
        string? error = Nvrtc.FirstError(Encoding.UTF8.GetString(log).TrimEnd('\0'));
        throw new GpuException($"{kernel}: the driver refuses the compiled kernel: {error ?? driver.Words(status)}");
    }
}
