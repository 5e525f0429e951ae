using System.Text;

namespace IlgpuXai.Jit;

/// <summary>Kernels as PTX, for people to read. Needs the compiler, not a device.</summary>
public static class CudaPtx
{
    /// <summary>Compute capability that is assumed where there is no device: 8.0.</summary>
    public const int DefaultArchitecture = 80;

    /// <param name="architecture">Compute capability, 90 for 9.0; null takes that of the first device, else <see cref="DefaultArchitecture"/>. One that the compiler does not know gives way to the next older one that it knows.</param>
    /// <exception cref="GpuException">No compiler, or it refused the text.</exception>
    public static string Of(KernelText text, int? architecture = null, CudaLibraries? libraries = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var nvrtc = Nvrtc.Load(libraries?.Nvrtc, driverVersion: 0);
        int wanted = architecture ?? (CudaDevices.Find(libraries).Devices is [var first, ..] ? first.ComputeCapability : DefaultArchitecture);
        int? known = nvrtc.Architectures.Where(a => a <= wanted).Select(a => (int?)a).Max();
        if (known is null) throw new GpuException($"NVRTC {nvrtc.Version} compiles for compute capability {nvrtc.Architectures.Min() / 10}.{nvrtc.Architectures.Min() % 10} and later, not for {wanted / 10}.{wanted % 10}");
        return Encoding.UTF8.GetString(nvrtc.Compile(text, NvrtcOptions.For(text.Options.Math, $"compute_{known}"))).TrimEnd('\0');
    }
}
