namespace IlgpuXai.Kernels;

/// <summary>A device cannot be opened. The message is one line for the user.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);

/// <summary>A device that this build knows. <paramref name="Open"/> takes the number of processor threads, 0 for all cores.</summary>
public sealed record DeviceKind(string Name, string Summary, Func<int, Device> Open);

/// <summary>The devices by the names that the command line uses.</summary>
public static class Devices
{
    // Words people try who hope for their graphics card.
    static readonly string[] s_gpus = ["cuda", "gpu", "opencl", "nvidia"];

    public static IReadOnlyList<DeviceKind> All { get; } =
    [
        new("cpu", "the processor: SIMD on all cores", threads => new CpuDevice(threads)),
#if ILGPU_BOUND
        .. IlgpuDevice.Kinds,
#else
        new("simt", "GPU kernels emulated by the processor: slow, for tests", threads => new SimtDevice(threads)),
#endif
    ];

    /// <param name="name">Of <see cref="All"/>; case does not matter.</param>
    /// <param name="threads">0 takes all cores.</param>
    /// <exception cref="DeviceUnavailableException">No such device; the message names the nearest one.</exception>
    public static Device Open(string name, int threads = 0)
    {
        if (threads < 0) throw new DeviceUnavailableException($"{threads} threads: 1 or more, or 0 for all cores");
        var kind = All.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return kind is not null ? kind.Open(threads) : throw new DeviceUnavailableException(Unknown(name));
    }

    static string Unknown(string name) => s_gpus.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? $"device '{name}': this build has no GPU device: {string.Join(" and ", All.Select(d => d.Name))} are there"
        : NearestName.Unknown("device", name, [.. All.Select(d => d.Name)]);
}
