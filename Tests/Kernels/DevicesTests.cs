using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class DevicesTests
{
    [Test]
    public void Every_device_of_the_catalogue_opens_and_says_its_name()
    {
        foreach (var kind in Devices.All.Where(kind => kind.Find().Devices.Count > 0))
        {
            using var device = Devices.Open(kind.Name.ToUpperInvariant(), threads: 1);
            Assert.That(device.Name, Is.EqualTo(kind.Name));
            Assert.That(device.Description, Is.Not.Empty.And.Not.Contain(Environment.NewLine));
            if (kind.Name is "cpu" or "simt") Assert.That(device.Description, Does.Contain("1 thread"));
        }
    }

    [TestCase("cup", "unknown device 'cup': did you mean 'cpu'?")]
    [TestCase("smit", "unknown device 'smit': did you mean 'simt'?")]
    [TestCase("quantum", "unknown device 'quantum': known are cpu, cuda, opencl, simt, auto")]
    [TestCase("", "unknown device '': known are cpu, cuda, opencl, simt, auto")]
    [TestCase("opencle", "unknown device 'opencle': did you mean 'opencl'?")]
    [TestCase("gpu", "unknown device 'gpu': this build has cpu, cuda, opencl, simt, auto")]
    [TestCase("cpu:1", "device 'cpu:1': there is no device 1, only 0")]
    [TestCase("cpu:x", "device 'cpu:x': a number was expected behind the colon, as in cpu:1")]
    public void Other_names_are_refused_in_one_line_with_the_nearest(string name, string message) =>
        Assert.That(() => Devices.Open(name), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo(message));

    [Test]
    public void A_device_that_is_not_here_is_refused_with_the_reason_and_never_replaced()
    {
        foreach (var kind in Devices.All.Where(kind => kind.Find().Devices.Count == 0))
            Assert.That(() => Devices.Open(kind.Name), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo($"device '{kind.Name}': {kind.Find().Reason}"));
    }

    [Test]
    public void Auto_takes_what_it_says()
    {
        using var device = Devices.Open(Devices.Auto);
        Assert.That(Devices.Best().Split(':')[0], Is.EqualTo(device.Name));
    }

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
