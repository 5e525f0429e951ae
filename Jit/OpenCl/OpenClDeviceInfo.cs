using System.Text;

namespace IlgpuXai.Jit;

/// <summary>An OpenCL device that the system has, with what it says of itself.</summary>
public sealed unsafe record OpenClDeviceInfo
{
    const ulong Gpu = 4, AllTypes = 0xFFFFFFFF;

    OpenClDeviceInfo(nint platform, nint id)
    {
        (Platform, Id) = (platform, id);
        Name = Text(id, 0x102B).Trim();
        PlatformName = PlatformText(platform, 0x0902);
        Version = Text(id, 0x102F);
        DriverVersion = Text(id, 0x102D);
        Extensions = Text(id, 0x1030);
        IsGpu = (Number<ulong>(id, 0x1000) & Gpu) != 0;
        ComputeUnits = (int)Number<uint>(id, 0x1002);
        ClockMegahertz = (int)Number<uint>(id, 0x100C);
        GlobalMemory = (long)Number<ulong>(id, 0x101F);
        SharedMemory = (long)Number<ulong>(id, 0x1023);
        MaxGroupSize = (int)Number<nuint>(id, 0x1004);
        MaxAllocation = (long)Number<ulong>(id, 0x1010);
        HasCorrectlyRoundedDivide = (Number<ulong>(id, 0x101B) & 0x80) != 0;
    }

    internal nint Platform { get; }
    internal nint Id { get; }
    public string Name { get; }
    public string PlatformName { get; }
    public string Version { get; }
    public string DriverVersion { get; }
    public string Extensions { get; }
    public bool IsGpu { get; }
    public int ComputeUnits { get; }
    public int ClockMegahertz { get; }

    /// <summary>Bytes; the shared ones per group.</summary>
    public long GlobalMemory { get; }
    public long SharedMemory { get; }
    public long MaxAllocation { get; }

    public int MaxGroupSize { get; }

    /// <summary>Division and square root of float32 can be asked to be exact.</summary>
    public bool HasCorrectlyRoundedDivide { get; }

    /// <summary>GPUs first, then by compute units; empty where a platform has none.</summary>
    /// <exception cref="GpuException">No loader or no platform is installed.</exception>
    public static IReadOnlyList<OpenClDeviceInfo> All()
    {
        var cl = OpenClLibrary.Instance;
        uint count;
        OpenClLibrary.Check(cl.GetPlatformIDs(0, null, &count), "OpenCL");
        var platforms = new nint[count];
        fixed (nint* p = platforms) OpenClLibrary.Check(cl.GetPlatformIDs(count, p, null), "OpenCL");
        return [.. platforms.SelectMany(Devices).OrderByDescending(d => d.IsGpu).ThenByDescending(d => d.ComputeUnits)];
    }

    static List<OpenClDeviceInfo> Devices(nint platform)
    {
        var cl = OpenClLibrary.Instance;
        uint count;
        if (cl.GetDeviceIDs(platform, AllTypes, 0, null, &count) != 0) return [];
        var ids = new nint[count];
        fixed (nint* p = ids) OpenClLibrary.Check(cl.GetDeviceIDs(platform, AllTypes, count, p, null), "OpenCL");
        return [.. ids.Select(id => new OpenClDeviceInfo(platform, id))];
    }

    static T Number<T>(nint device, uint what) where T : unmanaged
    {
        T value = default;
        OpenClLibrary.Check(OpenClLibrary.Instance.GetDeviceInfo(device, what, (nuint)sizeof(T), &value, null), "OpenCL device");
        return value;
    }

    static string Text(nint device, uint what) => Text(OpenClLibrary.Instance.GetDeviceInfo, device, what, "OpenCL device");
    static string PlatformText(nint platform, uint what) => Text(OpenClLibrary.Instance.GetPlatformInfo, platform, what, "OpenCL platform");

    static string Text(delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> ask, nint whom, uint what, string call)
    {
        nuint size;
        OpenClLibrary.Check(ask(whom, what, 0, null, &size), call);
        var bytes = new byte[size];
        fixed (byte* p = bytes) OpenClLibrary.Check(ask(whom, what, size, p, null), call);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
    }
}
