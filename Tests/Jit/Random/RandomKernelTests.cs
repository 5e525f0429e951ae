using IlgpuXai.Kernels;
using IlgpuXai.Simt;
using NUnit.Framework;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Random kernels give the same bits on the host, where the C# compiler and the runtime say what they mean, and on devices.</summary>
/// <remarks>
/// A seed makes a kernel: C# text of a kernel and of the same as a method, or an iterator that stops at barriers, for the host.
/// The long run is explicit: <c>dotnet test -c Release Tests --filter "Name~Two_thousand"</c> (some minutes).
/// </remarks>
public class RandomKernelTests
{
    static readonly Dictionary<string, Func<GpuDevice>> s_devices = new()
    {
        ["simt"] = () => new SimtDevice(2),
        ["simt, checked"] = () => new SimtDevice(1, SimtMode.Checked),
    };

    static IEnumerable<TestCaseData> Cases =>
        from device in s_devices.Keys
        from settings in new[] { CompilerSettings.Release, CompilerSettings.Debug, CompilerSettings.WithoutPdb }
        select new TestCaseData(device, settings).SetArgDisplayNames(device, $"{settings}");

    [TestCaseSource(nameof(Cases))]
    public void Kernels_give_the_bits_of_the_host(object device, object settings) => Check(device, settings, 40);

    [Explicit("a few minutes"), TestCaseSource(nameof(Cases))]
    public void Two_thousand_kernels_give_the_bits_of_the_host(object device, object settings) => Check(device, settings, 2000);

    static void Check(object device, object settings, int count)
    {
        // Each way of compiling has kernels of its own.
        var how = (CompilerSettings)settings;
        int first = how == CompilerSettings.Release ? 0 : how == CompilerSettings.Debug ? 100_000 : 200_000;
        var found = new RandomKernelCheck(s_devices[(string)device], how).Run(Enumerable.Range(first, count));
        Assert.That(found, Is.Empty, string.Join("\n\n", found));
    }
}
