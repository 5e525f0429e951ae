using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Against PyTorch: <c>Goldens/mnist_cnn.py</c>.</summary>
sealed class MnistCnnTests
{
    const ulong WeightSeed = 2024, Seed = 0xFEDCBA9876543210, Step = 5;

    readonly CpuDevice _device = new(2);
    readonly SafetensorsFile _golden = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Models", "Goldens", "mnist_cnn.safetensors"));

    [OneTimeTearDown]
    public void Close_device()
    {
        _golden.Dispose();
        _device.Dispose();
    }

    [Test]
    public void Logits_and_the_inputs_gradient_are_PyTorchs()
    {
        using var scope = _device.Scope();
        using var model = new MnistCnn(new(_device, WeightSeed));
        var x = Images().Leaf();
        var y = model.Forward(x);
        Check("logits", y, rtol: 1e-5, atol: 1e-7);
        using var g = Gradients.Of(y, Uniform([3, 10], seed: 100, scale: 2, shift: -1), x);
        Check("input gradient", g[x], rtol: 1e-4, atol: 1e-7);
    }

    [Test]
    public void A_training_step_is_PyTorchs()
    {
        using var scope = _device.Scope();
        using var model = new MnistCnn(new(_device, WeightSeed));
        using var optimizer = new Sgd(model.Parameters(), momentum: 0.9, weightDecay: 0.01);
        var loss = model.Forward(Images(), Pass.Training(Seed, Step)).CrossEntropy([3, 7, 1]);
        Check("loss", loss, rtol: 1e-6, atol: 0);
        using var g = Gradients.OfLoss(loss, model.Parameters().Select(p => p.Value));
        foreach (var (name, parameter) in model.Parameters())
            Check($"gradient of {name}", name == "fc1.weight" ? g[parameter].Slice(0, 0, 2) : g[parameter], rtol: 1e-4, atol: 3e-7);    // sums of 9216 products that nearly cancel lie behind each
        optimizer.Step(g, rate: 0.1);
        foreach (string name in new[] { "conv1.weight", "conv1.bias", "fc2.weight" })
            Check($"stepped {name}", model.State().Single(s => s.Name == name).Value, rtol: 1e-6, atol: 1e-8);
    }

    [Test]
    public void A_batch_of_hundreds_frees_its_activations_on_the_way()
    {
        using var scope = _device.Scope();
        using var model = new MnistCnn(new(_device));
        var x = _device.Zeros([484, 1, 28, 28]);
        _device.ResetPeak();
        long before = _device.LiveBytes;
        model.Forward(x);
        const long largest = 4L * 484 * 64 * 24 * 24;
        Assert.That(_device.PeakBytes - before, Is.LessThan(2.6 * largest), "the second convolution's result, 0.6 of that before it, and the kernel's own copy of its input");
    }

    Tensor Images() => Uniform([3, 1, 28, 28], seed: 99, scale: 1, shift: 0);

    Tensor Uniform(Shape shape, ulong seed, double scale, double shift)
    {
        var random = new Generator(seed);
        return _device.Tensor(shape, [.. Enumerable.Range(0, shape.Elements).Select(_ => (float)(scale * random.NextDouble() + shift))]);
    }

    void Check(string name, Tensor actual, double rtol, double atol)
    {
        Assert.That(actual.Shape, Is.EqualTo(_golden.ShapeOf(name)), name);
        Close.Check(Array.ConvertAll(_golden.Read(name), v => (double)v), actual.ToArray(), rtol, atol, name);
    }
}
