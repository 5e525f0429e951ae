namespace IlgpuXai.Kernels;

/// <summary>A device cannot be opened. The message is one line for the user.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);

/// <summary>A kind of device that this build knows.</summary>
/// <param name="Open">Takes the device's number among its kind, and the number of processor threads, 0 for all cores.</param>
/// <param name="Find">What of this kind is here, in the order of the numbers.</param>
public sealed record DeviceKind(string Name, string Summary, Func<int, int, Device> Open, Func<FoundDevices> Find);

/// <summary>The devices of a kind, or why there is none.</summary>
public sealed record FoundDevices(IReadOnlyList<FoundDevice> Devices, string? Reason = null)
{
    /// <summary>The one device of a kind that has no several, by opening it.</summary>
    public static FoundDevices Single(Func<Device> open, bool isGpu)
    {
        try
        {
            using var device = open();
            return new([new(device.Description, isGpu)]);
        }
        catch (DeviceUnavailableException e)
        {
            return new([], e.Message);
        }
    }
}

/// <summary>A device that is here.</summary>
/// <param name="Description">Its name, memory, multiprocessors and clock.</param>
public sealed record FoundDevice(string Description, bool IsGpu);

/// <summary>The devices by the names that the command line uses: <c>cpu</c>, <c>cuda</c>, <c>opencl:1</c>.</summary>
public static class Devices
{
    /// <summary>The word that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    // Words people try who hope for their graphics card.
    static readonly string[] s_gpus = ["cuda", "opencl", "gpu", "nvidia", "amd", "intel", "hip", "rocm", "metal", "vulkan"];

    /// <summary>In the order in which <see cref="Auto"/> looks for a GPU.</summary>
    public static IReadOnlyList<DeviceKind> All { get; } =
    [
        new("cpu", "the processor: SIMD on all cores", (_, threads) => new CpuDevice(threads), () => FoundDevices.Single(() => new CpuDevice(), isGpu: false)),
        .. DeviceCatalogue.Gpus,
    ];

    /// <param name="name">Of <see cref="All"/>, with a number where there are several, or <see cref="Auto"/>: the first GPU, else the processor. Case does not matter.</param>
    /// <param name="threads">0 takes all cores.</param>
    /// <exception cref="DeviceUnavailableException">No such device, or it cannot be used here; never another one instead.</exception>
    public static Device Open(string name, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (threads < 0) throw new DeviceUnavailableException($"{threads} threads: 1 or more, or 0 for all cores");
        if (Is(name, Auto)) name = Best();
        if (All.FirstOrDefault(d => Is(d.Name, name)) is { } only) return only.Open(0, threads);
        int colon = name.LastIndexOf(':');
        var kind = colon < 0 ? null : All.FirstOrDefault(d => Is(d.Name, name[..colon]));
        if (kind is null) throw new DeviceUnavailableException(Unknown(name));
        if (!int.TryParse(name[(colon + 1)..], System.Globalization.NumberStyles.None, null, out int number))
            throw new DeviceUnavailableException(All.Any(d => d.Name.StartsWith(kind.Name + ':', StringComparison.Ordinal)) ? Unknown(name) : $"device '{name}': a number was expected behind the colon, as in {kind.Name}:1");
        var found = kind.Find();
        if (number >= Math.Max(1, found.Devices.Count)) throw new DeviceUnavailableException($"device '{name}': there is no device {number}, {(found.Devices.Count == 1 ? "only 0" : $"they go from 0 to {found.Devices.Count - 1}")}");
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

    static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    static string Unknown(string name)
    {
        string[] known = [.. All.Select(d => d.Name), Auto];
        return s_gpus.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"unknown device '{name}': this build has {string.Join(", ", known)}" : NearestName.Unknown("device", name, known);
    }
}
