using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The catalogue of a build bound to ILGPU.</summary>
sealed class IlgpuDevicesTests
{
    [Test]
    public void The_processor_and_ilgpu_with_its_accelerators_are_known() =>
        Assert.That(Devices.All.Select(d => d.Name), Is.EqualTo(new[] { "cpu", "ilgpu:cuda", "ilgpu:opencl", "ilgpu", "ilgpu:cpu" }));

    [Test]
    public void A_device_opens_and_says_its_name_or_says_what_is_missing()
    {
        foreach (var kind in Devices.All)
            try
            {
                using var device = Devices.Open(kind.Name.ToUpperInvariant(), threads: 1);
                Assert.That(device.Name, Is.EqualTo(kind.Name));
                Assert.That(device.Description, Is.Not.Empty.And.Not.Contain(Environment.NewLine));
            }
            catch (DeviceUnavailableException e)
            {
                Assert.That(kind.Name, Is.EqualTo("ilgpu:cuda").Or.EqualTo("ilgpu:opencl"));
                Assert.That(e.Message, Does.StartWith($"device '{kind.Name}': ").And.Not.Contain(Environment.NewLine));
            }
    }

    [TestCase("ilgpu:cud", "unknown device 'ilgpu:cud': did you mean 'ilgpu:cuda'?")]
    [TestCase("ilgpu:metal", "unknown device 'ilgpu:metal': known are cpu, ilgpu:cuda, ilgpu:opencl, ilgpu, ilgpu:cpu, auto")]
    public void Other_names_are_refused(string name, string message) =>
        Assert.That(() => Devices.Open(name), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo(message));
}
