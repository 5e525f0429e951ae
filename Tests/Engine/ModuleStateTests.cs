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

    [Test]
    public void What_may_be_missing_or_unexpected_has_to_be_named()
    {
        var writer = new SafetensorsWriter();
        writer.Add("0.weight", [4, 3, 3, 2], Draw.Floats(Draw.Uniform(new Random(1), 72)));
        writer.Add("0.bias", [4], [1f, 2, 3, 4]);
        writer.Add("head.weight", [1], new float[1]);
        writer.Write(_path);
        using Sequential net = Net(1), untouched = Net(2);
        net.Load(_path, allowMissing: ["1.*"], allowUnexpected: ["head.?eight"]);
        Assert.That(net.State().First(s => s.Name == "0.bias").Value.ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(net.State().First(s => s.Name == "1.running_var").Value.ToArray(), Is.EqualTo(new float[] { 1, 1, 1, 1 }), "keeps its values");
        Assert.That(() => untouched.Load(_path, allowMissing: ["1.running*"]), Throws.TypeOf<StateFileException>().With.Message.EndsWith("missing: 1.bias, 1.weight; unexpected: head.weight"));
    }

    [Test]
    public void Of_many_differences_the_first_few_are_named_and_the_rest_is_counted()
    {
        var writer = new SafetensorsWriter();
        for (int i = 0; i < 300; i++) writer.Add($"block{i:d3}.weight", [1], new float[1]);
        writer.Write(_path);
        using var net = Net(1);
        Assert.That(() => net.Load(_path), Throws.TypeOf<StateFileException>().With.Message.EqualTo(
            $"{_path}: does not hold a Sequential: missing: 0.bias, 0.weight, 1.bias, 1.running_mean, 1.running_var and 1 more; unexpected: block000.weight, block001.weight, block002.weight, block003.weight, block004.weight and 295 more"));
    }

    [Test]
    public void Another_number_of_classes_is_said_to_be_one()
    {
        using Sequential three = new(new Conv2d(new(_device), 3, 2, kernel: 1), new Linear(new(_device), 4, 3)), five = new(new Conv2d(new(_device), 3, 2, kernel: 1), new Linear(new(_device), 4, 5));
        five.Save(_path);
        Assert.That(() => three.Load(_path), Throws.TypeOf<StateFileException>().With.Message.EqualTo(
            $"{_path}: does not hold a Sequential: of another shape: 1.bias [5] where [3] was expected, 1.weight [5, 4] where [3, 4] was expected; its last layer is made for 5 classes, not 3"));
    }

    [TestCase("module.")]
    [TestCase("_orig_mod.module.")]
    [TestCase("model.")]
    public void A_word_that_a_wrapper_put_before_every_name_is_no_difference(string word)
    {
        using Sequential a = Net(1), b = Net(2);
        var writer = new SafetensorsWriter();
        foreach (var (name, tensor) in a.State()) writer.Add(word + name, tensor);
        writer.Write(_path);
        b.Load(_path);
        foreach (var (x, y) in a.State().Zip(b.State())) Assert.That(y.Value.ToArray(), Is.EqualTo(x.Value.ToArray()), x.Name);
    }

    sealed class Wrapper : Module
    {
        public Wrapper(Module inner) => Add("model", inner);
        protected override Tensor Run(Tensor x, Pass pass) => x;
    }

    [Test]
    public void A_module_whose_own_names_begin_so_keeps_them()
    {
        using Wrapper a = new(Net(1)), b = new(Net(2));
        a.Save(_path);
        b.Load(_path);
        Assert.That(b.State().First().Value.ToArray(), Is.EqualTo(a.State().First().Value.ToArray()));
    }

    [Test]
    public void Old_names_of_dense_layers_are_the_new_ones()
    {
        using var file = StateFile.Open(CheckpointFiles.At("densenet-legacy.pth"));
        Assert.That(StateNames.Repaired(file.Names).Keys, Is.EqualTo((string[])
            ["features.denseblock1.denselayer1.norm1.weight", "features.denseblock1.denselayer1.conv2.weight", "features.denseblock1.denselayer12.relu1.x", "features.norm5.weight"]));
        Assert.That(StateNames.Repaired(["denselayer1.conv.1.weight", "denselayer1.conv1.weight"]).Keys, Is.EquivalentTo((string[])["denselayer1.conv.1.weight", "denselayer1.conv1.weight"]), "none replaces another");
        Assert.That(StateNames.Repaired(["module.denselayer1.norm.1.weight", "module.fc.bias"])["denselayer1.norm1.weight"], Is.EqualTo("module.denselayer1.norm.1.weight"));
    }

    [TestCase("parallel.pt")]
    [TestCase("training-legacy.pth")]
    public void A_checkpoint_of_PyTorch_fills_a_module(string name)
    {
        using Sequential net = new(new Conv2d(new(_device), 2, 3, kernel: 2), new BatchNorm2d(new(_device), 3), new Linear(new(_device), 4, 2));
        net.Load(CheckpointFiles.At(name));
        using var file = StateFile.Open(CheckpointFiles.At(name));
        var stored = StateNames.Repaired(file.Names);
        foreach (var (key, tensor) in net.State()) Assert.That(tensor.ToArray(), Is.EqualTo(file.Read(stored[key])), key);
    }

    /// <summary>Memory that is not the host's as far as a device can tell.</summary>
    sealed class FarMemory : IMemory
    {
        readonly ScarceMemory _memory = new();

        public int Uploads { get; private set; }

        public nint Reserve(long bytes) => _memory.Reserve(bytes);
        public void Release(nint address, long bytes) => _memory.Release(address, bytes);
        public void Download(nint from, Span<byte> to) => _memory.Download(from, to);
        public void Copy(nint from, nint to, long bytes) => _memory.Copy(from, to, bytes);
        public void Fill(nint to, long count, float value) => _memory.Fill(to, count, value);
        public void Synchronize() { }

        public void Upload(ReadOnlySpan<byte> from, nint to)
        {
            Uploads++;
            _memory.Upload(from, to);
        }
    }

    [Test]
    public void Weights_are_uploaded_where_the_host_does_not_reach_the_memory()
    {
        var memory = new FarMemory();
        using var far = new WrappedDevice(memory);
        Assert.That((far.IsHost, _device.IsHost), Is.EqualTo((false, true)));
        using Sequential a = Net(1), b = new(new Conv2d(new(far, 2), 3, 4, kernel: (3, 2)), new BatchNorm2d(new(far), 4));
        a.Save(_path);
        int before = memory.Uploads;
        b.Load(_path);
        Assert.That(memory.Uploads - before, Is.EqualTo(6));
        foreach (var (x, y) in a.State().Zip(b.State())) Assert.That(y.Value.ToArray(), Is.EqualTo(x.Value.ToArray()), x.Name);
    }
}
