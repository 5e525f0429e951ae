using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>A device cannot be opened. The message is one line for the user.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);

/// <summary>A kind of device that this build knows.</summary>
/// <param name="Open">Takes the device's number among its kind, and the number of processor threads, 0 for all cores.</param>
/// <param name="Find">What of this kind is here, in the order of the numbers.</param>
public sealed record DeviceKind(string Name, string Summary, Func<int, int, Device> Open, Func<FoundDevices> Find);

/// <summary>The devices of a kind, or why there is none.</summary>
public sealed record FoundDevices(IReadOnlyList<FoundDevice> Devices, string? Reason = null);

/// <summary>A device that is here.</summary>
/// <param name="Description">Its name, memory, multiprocessors and clock.</param>
public sealed record FoundDevice(string Description, bool IsGpu);

/// <summary>The devices by the names that the command line uses: <c>cpu</c>, <c>cuda</c>, <c>opencl:1</c>.</summary>
public static class Devices
{
    /// <summary>The word that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    // Words people try who hope for their graphics card.
    static readonly string[] s_gpus = ["gpu", "nvidia", "amd", "intel", "hip", "rocm", "metal", "vulkan"];

    /// <summary>In the order in which <see cref="Auto"/> looks for a GPU.</summary>
    public static IReadOnlyList<DeviceKind> All { get; } =
    [
        new("cpu", "the processor: SIMD on all cores", (number, threads) => number == 0 ? new CpuDevice(threads) : throw NoSuch("cpu", number, 1), () => Here(() => new CpuDevice())),
        new("cuda", "NVIDIA GPUs, kernels compiled by NVRTC", (number, _) => new CudaDevice(number), FindCuda),
        new("opencl", "GPUs and processors with an OpenCL driver", (number, _) => new OpenClDevice(number), FindOpenCl),
        new("simt", "GPU kernels emulated by the processor: slow, for tests", (number, threads) => number == 0 ? new SimtDevice(threads) : throw NoSuch("simt", number, 1), () => Here(() => new SimtDevice())),
    ];

    /// <param name="name">Of <see cref="All"/>, with a number where there are several, or <see cref="Auto"/>: an NVIDIA GPU, else one with OpenCL, else the processor. Case does not matter.</param>
    /// <param name="threads">0 takes all cores.</param>
    /// <exception cref="DeviceUnavailableException">No such device, or it cannot be used here; never another one instead.</exception>
    public static Device Open(string name, int threads = 0)
    {
        if (threads < 0) throw new DeviceUnavailableException($"{threads} threads: 1 or more, or 0 for all cores");
        if (name.Equals(Auto, StringComparison.OrdinalIgnoreCase)) name = Best();
        string[] parts = name.Split(':');
        int number = 0;
        var kind = parts.Length <= 2 ? All.FirstOrDefault(d => d.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) : null;
        if (kind is null) throw new DeviceUnavailableException(Unknown(name));
        if (parts.Length == 2 && (!int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out number)))
            throw new DeviceUnavailableException($"device '{name}': a number was expected behind the colon, as in {kind.Name}:1");
        return kind.Open(number, threads);
    }

    /// <summary>What <see cref="Auto"/> takes here: the first kind's first GPU, else the processor.</summary>
    public static string Best()
    {
        foreach (var kind in All)
        {
            int gpu = kind.Find().Devices.ToList().FindIndex(d => d.IsGpu);
            if (gpu >= 0) return gpu == 0 ? kind.Name : $"{kind.Name}:{gpu}";
        }
        return "cpu";
    }

    static FoundDevices Here(Func<Device> open)
    {
        using var device = open();
        return new([new(device.Description, IsGpu: false)]);
    }

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

    static DeviceUnavailableException NoSuch(string kind, int number, int count) => new($"device '{kind}:{number}': there is no such device, only {count}");

    static string Unknown(string name) => s_gpus.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? $"unknown device '{name}': a GPU is cuda or opencl, or auto for the best that is here"
        : NearestName.Unknown("device", name, [.. All.Select(d => d.Name), Auto]);
}
