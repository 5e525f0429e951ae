using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The test devices for large cases: all but the emulated ones.</summary>
static class FastDevices
{
    public static IEnumerable<TestFixtureData> All => TestDevices.Products.Where(d => d.Arguments[0] is not string name || name.StartsWith("cpu", StringComparison.Ordinal));
}
