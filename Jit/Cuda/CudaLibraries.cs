namespace IlgpuXai.Jit;

/// <summary>Files to load in place of those that the system and <see cref="NvrtcSearch"/> name; null leaves the choice to them.</summary>
/// <param name="Driver">Of the CUDA driver API.</param>
/// <param name="Nvrtc">Of the run-time compiler.</param>
public sealed record CudaLibraries(string? Driver = null, string? Nvrtc = null);
