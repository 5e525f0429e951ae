using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>What runs GPU kernels in this build.</summary>
static class DeviceCatalogue
{
    public static IReadOnlyList<DeviceKind> Gpus { get; } =
    [
        new("cuda", "NVIDIA GPUs, kernels compiled by NVRTC", (number, _) => new CudaDevice(number), FindCuda),
        new("opencl", "GPUs and processors with an OpenCL driver", (number, _) => new OpenClDevice(number), FindOpenCl),
        new("simt", "GPU kernels emulated by the processor: slow, for tests", (_, threads) => new SimtDevice(threads), () => FoundDevices.Single(() => new SimtDevice(), isGpu: false)),
    ];

    static FoundDevices FindCuda()
    {
        var found = CudaDevice.Find();
        return new([.. found.Devices.Select(d => new FoundDevice(d.ToString(), IsGpu: true))], found.Reason);
    }

    static FoundDevices FindOpenCl()
    {
        try
        {
            var found = OpenClDeviceInfo.All();
            return new([.. found.Select(d => new FoundDevice(OpenClDevice.Describe(d), d.IsGpu))], found.Count == 0 ? "the OpenCL platforms here have no device" : null);
        }
        catch (GpuException e)
        {
            return new([], e.Message);
        }
    }
}
