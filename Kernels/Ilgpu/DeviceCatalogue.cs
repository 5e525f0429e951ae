using ILGPU.Runtime;

namespace IlgpuXai.Kernels;

/// <summary>What runs GPU kernels in the build that is bound to ILGPU.</summary>
static class DeviceCatalogue
{
    /// <summary>The name without a kind of accelerator opens what ILGPU holds for the fastest: CUDA, then OpenCL, then its emulation on the processor.</summary>
    public static IReadOnlyList<DeviceKind> Gpus { get; } =
    [
        Kind("ilgpu:cuda", "NVIDIA GPUs through ILGPU", AcceleratorType.Cuda),
        Kind("ilgpu:opencl", "GPUs with OpenCL 2 through ILGPU", AcceleratorType.OpenCL),
        Kind("ilgpu", "the best accelerator that ILGPU finds", null),
        Kind("ilgpu:cpu", "GPU kernels emulated by ILGPU: very slow, for tests", AcceleratorType.CPU),
    ];

    static DeviceKind Kind(string name, string summary, AcceleratorType? type) =>
        new(name, summary, (_, _) => IlgpuDevice.Open(name, type), () => FoundDevices.Single(() => IlgpuDevice.Open(name, type), isGpu: type is AcceleratorType.Cuda or AcceleratorType.OpenCL));
}
