using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;
using Relu = IlgpuXai.Engine.Relu;

namespace IlgpuXai.Tests;

/// <summary>Inference overwrites what nobody needs any more: the same numbers, less memory, and nothing that somebody looks at.</summary>
sealed class InPlaceTests
{
    readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    sealed class Block : Module
    {
        readonly Module _conv, _bn, _relu1, _conv2, _bn2;
        readonly Relu _relu;

        public Block(Initializer init)
        {
            _conv = Add("conv", new Conv2d(init, 4, 4, kernel: 1));
            _bn = Add("bn", new BatchNorm2d(init, 4));
            _relu1 = Add("relu1", new Relu());
            _conv2 = Add("conv2", new Conv2d(init, 4, 4, kernel: 1));
            _bn2 = Add("bn2", new BatchNorm2d(init, 4));
            _relu = Add("relu", new Relu());
        }

        protected override Tensor Run(Tensor x, Pass pass) => Residual(Chain(x, pass, _conv, _bn, _relu1, _conv2, _bn2), x, _relu, pass);
    }

    static readonly string[] Names = ["conv", "bn", "relu1", "conv2", "bn2", "relu"];

    [Test]
    public void Any_layer_that_is_watched_keeps_its_own_result()
    {
        using var scope = _device.Scope();
        using var block = new Block(new(_device, 1));
        var x = DrawnNetworks.Drawn(_device, "x", [2, 4, 5, 7]);
        float[] before = x.ToArray();
        var all = new Activations(block, Names);
        float[] expected = block.Forward(x.Leaf(), Pass.Watching(all)).ToArray();           // with a history nothing is overwritten
        foreach (string name in Names)
        {
            var one = new Activations(block, name);
            Assert.That(block.Forward(x, Pass.Watching(one)).ToArray(), Is.EqualTo(expected).Within(1e-6), name);
            Assert.That(one[name].ToArray(), Is.EqualTo(all[name].ToArray()).Within(1e-6), name);
        }
        Assert.That(block.Forward(x).ToArray(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(x.ToArray(), Is.EqualTo(before), "the caller's tensor stays");
    }

    [Test]
    public void A_block_needs_its_input_and_two_results()
    {
        using var device = new CpuDevice(1);
        using var block = new Block(new(device, 1));
        using var x = device.Zeros([1, 4, 512, 512]);
        long before = device.LiveBytes, size = x.Shape.Elements * 4L;
        device.ResetPeak();
        block.Forward(x).Dispose();
        Assert.That(device.PeakBytes - before, Is.InRange(2 * size, 2.5 * size), "a convolution's input and output, and a little for what it packs");
    }

    [Test]
    public void Training_and_fine_tuning_overwrite_nothing()
    {
        using var scope = _device.Scope();
        using var block = new Block(new(_device, 1));
        var x = DrawnNetworks.Drawn(_device, "x", [2, 4, 5, 7]);
        foreach (var pass in new[] { Pass.Training(0, 0), new Pass { Records = true } })
        {
            var y = block.Forward(x, pass);
            using var g = Gradients.Of(y, DrawnNetworks.Drawn(_device, "seed", y.Shape), [.. block.Parameters().Select(p => p.Value.Leaf)]);
            foreach (var (name, p) in block.Parameters()) Assert.That(g[p].ToArray(), Has.Some.Not.Zero, name);
        }
    }
}
