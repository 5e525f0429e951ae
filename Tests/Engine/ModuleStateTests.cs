using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class ModuleStateTests
{
    readonly CpuDevice _device = new(1);
    string _path = "";

    [SetUp]
    public void Choose_file() => _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");

    [TearDown]
    public void Remove_file() => File.Delete(_path);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    Sequential Net(ulong seed, int channels = 4) => new(new Conv2d(new(_device, seed), 3, channels, kernel: (3, 2)), new BatchNorm2d(new(_device), channels));

    [Test]
    public void Saved_weights_come_back_bit_by_bit()
    {
        using var scope = _device.Scope();
        using Sequential a = Net(1), b = Net(2);
        a.Forward(_device.Tensor([2, 3, 4, 5], Draw.Floats(Draw.Uniform(new Random(1), 120))), Pass.Training(0, 0));     // moves the running statistics
        a.Save(_path, ("dataset", "none"));
        b.Load(_path);
        foreach (var (x, y) in a.State().Zip(b.State())) Assert.That(y.Value.ToArray(), Is.EqualTo(x.Value.ToArray()), x.Name);
        using var file = SafetensorsFile.Open(_path);
        Assert.That(file.Metadata["dataset"], Is.EqualTo("none"));
    }

    [Test]
    public void All_that_does_not_fit_is_listed_and_nothing_is_overwritten()
    {
        var writer = new SafetensorsWriter();
        writer.Add("0.weight", [5, 3, 3, 2], new float[90]);
        writer.Add("0.bias", [4], new float[4]);
        writer.Add("1.bias", [4], new float[4]);
        writer.Add("1.running_var", [1, 4], new float[4]);
        writer.Add("1.num_batches_tracked", [], [3L]);
        writer.Add("head.weight", [1], new float[1]);
        writer.Write(_path);
        using var net = Net(1);
        float[] before = net.State().First(s => s.Name == "0.bias").Value.ToArray();
        Assert.That(() => net.Load(_path), Throws.TypeOf<StateFileException>().With.Message.EqualTo(
            $"{_path}: does not hold a Sequential: missing: 1.running_mean, 1.weight; unexpected: head.weight; of another shape: 0.weight [5, 3, 3, 2] where [4, 3, 3, 2] was expected, 1.running_var [1, 4] where [4] was expected"));
        Assert.That(net.State().First(s => s.Name == "0.bias").Value.ToArray(), Is.EqualTo(before));
    }
}
