using IlgpuXai.Kernels;
#if !ILGPU_BOUND
using IlgpuXai.Simt;
#endif
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The devices that every operation is tested on; fixtures take one of these names.</summary>
static class TestDevices
{
    /// <summary>What the command line opens: kernels compiled without checks, groups on several workers.</summary>
    const string AsOpened = "simt, fast, 2 threads";

    static readonly Dictionary<string, Func<Device>> Openers = new()
    {
        ["cpu, 1 thread"] = () => new CpuDevice(1),
        ["cpu, 2 threads"] = () => new CpuDevice(2),
        ["cpu, 256-bit products"] = () => new CpuDevice(2, vectorBits: 256),
        ["cpu, 128-bit products"] = () => new CpuDevice(2, vectorBits: 128),
#if ILGPU_BOUND
        ["ilgpu"] = IlgpuDevices.Open,
#else
        ["simt"] = () => new SimtDevice(1, SimtMode.Checked),
        [AsOpened] = () => new SimtDevice(2),
        ["opencl"] = () => OrIgnore(() => new OpenClDevice()),
        ["cuda"] = () => CudaDevice.Find().Reason is null ? new CudaDevice() : EmulatedCuda.Open(),
#endif
    };

    /// <summary>For <c>[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]</c>.</summary>
    public static IEnumerable<TestFixtureData> All => AllAndAsOpened.Where(d => !AsOpened.Equals(d.Arguments[0]));

    /// <summary>The names of those that run generated kernels.</summary>
    public static IEnumerable<string> Gpus => Openers.Keys.Where(name => name is "opencl" or "cuda" or "ilgpu");

    /// <summary>And the emulated device without its checks, for fixtures that reach every operation.</summary>
    public static IEnumerable<TestFixtureData> AllAndAsOpened => Fixtures(name => !name.EndsWith("products", StringComparison.Ordinal));

    /// <summary>With every vector width of the products: for matrix products and convolutions.</summary>
    public static IEnumerable<TestFixtureData> Products => Fixtures(name => name != AsOpened);

    static IEnumerable<TestFixtureData> Fixtures(Predicate<string> take) => Openers.Keys.Where(name => take(name)).Select(Fixture);

    static TestFixtureData Fixture(string name)
    {
        var fixture = new TestFixtureData(name).SetArgDisplayNames(name);
#if ILGPU_BOUND
        if (name == "ilgpu" && IlgpuDevices.Missing is { } reason) fixture.Ignore(reason);
#endif
        return fixture;
    }

    /// <summary>Where the device is not there, the test reads Ignored with the reason.</summary>
    public static Device Open(string name) => Openers[name]();

    /// <summary>What opens, or a test that reads Ignored with the reason.</summary>
    public static Device OrIgnore(Func<Device> open)
    {
        try { return open(); }
        catch (DeviceUnavailableException e)
        {
            Assert.Ignore(e.Message);
            throw;
        }
    }
}
