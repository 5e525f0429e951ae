using IlgpuXai.Experiments;
using IlgpuXai.Kernels;

namespace IlgpuXai.Cli;

/// <summary>Devices by name. The one that is asked for or none: never another instead.</summary>
static class DeviceChoice
{
    public static IReadOnlyList<string> Names { get; } = ["cpu", "simt"];

    /// <exception cref="UnknownNameException">There is no such device.</exception>
    public static Device Open(string name, int threads) => name switch
    {
        "cpu" => new CpuDevice(threads),
        "simt" => new SimtDevice(threads),
        "cuda" or "opencl" or "ilgpu" => throw new UserException($"device '{name}' is not part of this build; there are {string.Join(", ", Names)}"),
        _ => throw new UnknownNameException("device", name, Names),
    };
}
