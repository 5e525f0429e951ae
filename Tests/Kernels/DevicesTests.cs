using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class DevicesTests
{
    [Test]
    public void Every_device_of_the_catalogue_opens_and_says_its_name()
    {
        foreach (var kind in Devices.All)
        {
            using var device = Devices.Open(kind.Name.ToUpperInvariant(), threads: 1);
            Assert.That(device.Name, Is.EqualTo(kind.Name));
            Assert.That(device.Description, Does.Contain("1 thread").And.Not.Contain(Environment.NewLine));
        }
    }

    [TestCase("cup", "unknown device 'cup': did you mean 'cpu'?")]
    [TestCase("smit", "unknown device 'smit': did you mean 'simt'?")]
    [TestCase("quantum", "unknown device 'quantum': known are cpu, simt")]
    [TestCase("", "unknown device '': known are cpu, simt")]
    [TestCase("Cuda", "device 'Cuda': this build has no GPU device: cpu and simt are there")]
    public void Other_names_are_refused_in_one_line_with_the_nearest(string name, string message) =>
        Assert.That(() => Devices.Open(name), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo(message));

    [Test]
    public void Negative_threads_are_refused() =>
        Assert.That(() => Devices.Open("cpu", -2), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo("-2 threads: 1 or more, or 0 for all cores"));

    [TestCase("", "", 0), TestCase("", "abc", 3), TestCase("occlusion", "oclusion", 1), TestCase("lime", "limes", 1), TestCase("ab", "ba", 1), TestCase("Resnet", "ResNet", 0), TestCase("kitten", "sitting", 3)]
    public void Edits_between_names(string a, string b, int edits)
    {
        Assert.That(NearestName.Edits(a, b), Is.EqualTo(edits));
        Assert.That(NearestName.Edits(b, a), Is.EqualTo(edits));
    }
}
