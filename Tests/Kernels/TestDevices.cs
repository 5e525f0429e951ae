using IlgpuXai.Kernels;
using IlgpuXai.Simt;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The devices that every operation is tested on; fixtures take one of these names.</summary>
static class TestDevices
{
    static readonly Dictionary<string, Func<Device>> Openers = new()
    {
        ["cpu, 1 thread"] = () => new CpuDevice(1),
        ["cpu, 2 threads"] = () => new CpuDevice(2),
        ["cpu, 256-bit products"] = () => new CpuDevice(2, vectorBits: 256),
        ["cpu, 128-bit products"] = () => new CpuDevice(2, vectorBits: 128),
        ["simt"] = () => new SimtDevice(1, SimtMode.Checked),
    };

    /// <summary>For <c>[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]</c>.</summary>
    public static IEnumerable<TestFixtureData> All => Products.Where(d => !((string)d.Arguments[0]!).EndsWith("products", StringComparison.Ordinal));

    /// <summary>The same, with every vector width of the products: for matrix products and convolutions.</summary>
    public static IEnumerable<TestFixtureData> Products => Openers.Keys.Select(name => new TestFixtureData(name).SetArgDisplayNames(name));

    public static Device Open(string name) => Openers[name]();
}
