using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>The ILGPU device that all fixtures of operations run on, where one is named: its emulation on the processor takes hours for them.</summary>
static class IlgpuDevices
{
    const string Variable = "ILGPUXAI_ILGPU";

    static readonly string? s_name = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Why it cannot be opened; null if it can.</summary>
    public static string? Missing => string.IsNullOrEmpty(s_name) ? $"needs a GPU: {Variable} names the device, ilgpu:cuda or ilgpu:opencl" : null;

    public static Device Open() => Devices.Open(s_name!);
}
