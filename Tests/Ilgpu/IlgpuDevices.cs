using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The ILGPU device that all fixtures of operations run on, where one is named: its emulation on the processor takes hours for them.</summary>
static class IlgpuDevices
{
    const string Variable = "ILGPUXAI_ILGPU";

    public static Device Open()
    {
        string? name = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(name)) Assert.Ignore($"needs a GPU: {Variable} names the device, ilgpu:cuda or ilgpu:opencl");
        return Devices.Open(name!);
    }
}
