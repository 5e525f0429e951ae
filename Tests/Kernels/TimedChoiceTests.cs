using System.Reflection;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class TimedChoiceTests
{
    static readonly ConvWindow s_window = new(16, 16, 3, 3);

    [Test]
    public void An_algorithm_is_timed_once_and_then_remembered()
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(2);
        long before = device.LiveBytes;
        var chosen = new TimedChoice(device, device.Blocked!, new(folder.Path)).Of(s_window, 12, 12, ConvAlgorithm.Winograd4);
        Assert.That(device.LiveBytes, Is.EqualTo(before), "what was tried is freed");
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
        Assert.That(Without(device, folder).Of(s_window, 12, 12, ConvAlgorithm.Winograd4), Is.EqualTo(chosen));
        Assert.That(() => Without(device, folder).Of(s_window, 12, 13, ConvAlgorithm.Winograd4), Throws.InstanceOf<InvalidOperationException>(), "another shape");
        using var other = new CpuDevice(1);
        Assert.That(() => Without(other, folder).Of(s_window, 12, 12, ConvAlgorithm.Winograd4), Throws.InstanceOf<InvalidOperationException>(), "another number of threads");
    }

    [Test]
    public void Where_there_is_one_algorithm_nothing_is_timed()
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(2);
        Assert.That(Without(device, folder).Of(s_window, 12, 12, ConvAlgorithm.Direct), Is.EqualTo(ConvAlgorithm.Direct));
        Assert.That(Without(device, folder).Of(new(16, 16, 3, 3, StrideH: 2), 12, 12, ConvAlgorithm.Winograd4), Is.EqualTo(ConvAlgorithm.Direct));
    }

    // Nothing can be timed without convolutions.
    static TimedChoice Without(Device device, TempFolder folder) => new(device, DispatchProxy.Create<IBlockedKernels, NoKernels>(), new KernelCache(folder.Path));

#pragma warning disable CA1852 // a proxy is derived from it when the tests run
    class NoKernels : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new InvalidOperationException($"{targetMethod?.Name} was called");
    }
}
