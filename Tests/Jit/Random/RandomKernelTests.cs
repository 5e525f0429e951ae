using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using IlgpuXai.Simt;
using NUnit.Framework;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Random kernels give the same bits on the host, where the C# compiler and the runtime say what they mean, and on devices.</summary>
/// <remarks>
/// A seed makes a kernel: C# text of a kernel and of the same as a method, or an iterator that stops at barriers, for the host.
/// The environment variable ILGPUXAI_RANDOM_KERNELS makes the run longer: 2000 kernels take some minutes for each case.
/// </remarks>
public class RandomKernelTests
{
    static readonly Dictionary<string, Func<GpuDevice>> s_devices = new()
    {
        ["simt"] = () => new SimtDevice(2),
        ["simt, checked"] = () => new SimtDevice(1, SimtMode.Checked),
        ["opencl"] = () => (GpuDevice)TestDevices.OrIgnore(() => new OpenClDevice(math: KernelMath.Exact)),
        ["emulated cuda"] = () => EmulatedCuda.Open(KernelMath.Exact),
    };

    static IEnumerable<TestCaseData> Cases =>
        from device in s_devices.Keys
        from settings in new[] { CompilerSettings.Release, CompilerSettings.Debug, CompilerSettings.WithoutPdb }
        select new TestCaseData(device, settings).SetArgDisplayNames(device, $"{settings}");

    [TestCaseSource(nameof(Cases))]
    public void Kernels_give_the_bits_of_the_host(object device, object settings)
    {
        // Each way of compiling has kernels of its own.
        var how = (CompilerSettings)settings;
        int first = how == CompilerSettings.Release ? 0 : how == CompilerSettings.Debug ? 100_000 : 200_000;
        int count = int.Parse(Environment.GetEnvironmentVariable("ILGPUXAI_RANDOM_KERNELS") ?? "10");
        var check = new RandomKernelCheck(s_devices[(string)device], how, (string)device == "opencl" ? () => new OpenClDevice(math: KernelMath.Exact, optimize: false) : null);
        var found = check.Run(Enumerable.Range(first, count));
        Assert.That(found, Is.Empty, string.Join("\n\n", found));
        if (check.FaultsOfTheOptimiser > 0) TestContext.Out.WriteLine($"{check.FaultsOfTheOptimiser} of {count} kernels agree only without the driver's optimiser");
        Assert.That(check.FaultsOfTheOptimiser, Is.LessThanOrEqualTo(1 + count / 50), "the optimiser's faults are rare");
    }

    [Test]
    public void Every_construct_is_made()
    {
        var kinds = Enumerable.Range(0, 500).SelectMany(seed => RandomKernel.Make(seed).Code.All.Select(n => n.Kind).Distinct()).CountBy(kind => kind).ToDictionary();
        Assert.That(Constructs.All.Where(c => kinds.GetValueOrDefault(c) < 3).Select(c => $"{c} {kinds.GetValueOrDefault(c)}"), Is.Empty);
    }

    [Test]
    public void A_seed_makes_the_same_kernel_again()
    {
        string first = RandomKernel.Make(7).Print(host: true), second = RandomKernel.Make(7).Print(host: true);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void A_wrong_result_on_the_host_is_noticed_and_told_with_seed_and_place()
    {
        var kernel = KernelCompiler.Compile([RandomKernel.Make(3)], CompilerSettings.Release)![0];
        using var device = new SimtDevice(1);
        Assert.That(KernelRun.Difference(kernel, device), Is.Null);
        Assert.That(KernelRun.Difference(kernel, device, spoil: true), Does.StartWith("ulongs[64] is "));
    }

    [Test]
    public void A_kernel_that_disagrees_is_made_shorter_while_it_disagrees()
    {
        var kernel = RandomKernel.Make(1);
        var shrunk = RandomKernelCheck.Shrunk(new(kernel, "a switch"), k => k.Code.All.Any(n => n.Kind == "goto-case") ? "a jump to a case" : null);
        Assert.That(shrunk.Kernel.Code.All.Count(), Is.LessThan(kernel.Code.All.Count() / 8));
        Assert.That($"{shrunk}", Does.StartWith("seed 1, ").And.Contains("a jump to a case").And.Contains("goto "));
    }
}
