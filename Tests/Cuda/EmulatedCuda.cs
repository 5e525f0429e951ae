using System.Diagnostics;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The device <c>cuda</c> on an emulated driver and compiler (<c>Tests/Cuda/emulator</c>), built once per version of its source, beside the tests' assembly.</summary>
static class EmulatedCuda
{
    static readonly Lazy<(string? Folder, string? Missing)> s_built = new(Build);

    static string Source => Path.Combine(SharedFiles.Root, "Tests", "Cuda", "emulator");

    /// <summary>Why there is none, null if there is one.</summary>
    public static string? Missing => s_built.Value.Missing;

    /// <summary>The two libraries; the running test is ignored where they cannot be had.</summary>
    public static CudaLibraries Libraries
    {
        get
        {
            if (Missing is { } reason) Assert.Ignore(reason);
            return new(Path.Combine(s_built.Value.Folder!, "libcuda.so.1"), Path.Combine(s_built.Value.Folder!, "libnvrtc.so"));
        }
    }

    /// <summary>Kernels compiled by this version of the emulator, kept from one run to the next.</summary>
    public static KernelCache Cache => new(Path.Combine(s_built.Value.Folder!, "kernels"));

    public static CudaContext Context(KernelCache? cache = null) => new(0, Libraries, cache ?? Cache);

    public static CudaDevice Open(KernelMath math = KernelMath.Contracted) => new(0, math, Libraries, Cache);

    static (string?, string?) Build()
    {
        if (Environment.GetEnvironmentVariable("ILGPUXAI_EMULATED_CUDA") is { Length: > 0 } folder) return (folder, null);
        if (!OperatingSystem.IsLinux()) return (null, "the emulated CUDA needs Linux");
        if (!Directory.Exists(Source)) return (null, $"the emulated CUDA needs its source, {Source}");
        string version = KernelCache.Key([.. Directory.GetFiles(Source).Order(StringComparer.Ordinal).Select(File.ReadAllText)])[..16];
        string built = Path.Combine(AppContext.BaseDirectory, "emulated-cuda", version), part = $"{built}.{Environment.ProcessId}";
        if (Directory.Exists(built)) return (built, null);
        string? failure = Compile(part);
        if (failure is not null) return (null, failure);
        try { Directory.Move(part, built); }
        catch (IOException) when (Directory.Exists(built)) { Directory.Delete(part, recursive: true); }       // another process was first
        return (built, null);
    }

    static string? Compile(string folder)
    {
        var start = new ProcessStartInfo("sh", [Path.Combine(Source, "build.sh"), folder]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return null;
        if (errors.Contains("not found", StringComparison.Ordinal)) return "the emulated CUDA needs g++, or another compiler named by CXX";
        throw new AssertionException($"the emulated CUDA does not build: {errors}");
    }
}
