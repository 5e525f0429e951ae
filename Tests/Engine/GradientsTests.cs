using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class GradientsTests
{
    readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    [Test]
    public void Paths_that_meet_again_add_up()
    {
        // y = a·b + a with a = x², b = tanh(a) + x: x reaches y on five paths.
        static double Definition(double x) => x * x * (Math.Tanh(x * x) + x) + x * x;
        double[] values = Draw.Uniform(new Random(1), 23), seed = Draw.Uniform(new Random(2), values.Length);

        using var scope = _device.Scope();
        var x = Leaf(values);
        var a = x.Square();
        var y = a * (a.Tanh() + x) + a;
        using var g = Gradients.Of(y, Tensor(seed), x);

        double[] expected = CentralDifferences.Of(v => CentralDifferences.Dot(Array.ConvertAll(v, Definition), seed), values);
        Close.Check(expected, g[x].ToArray(), 1e-5, 1e-6, "dx");
    }

    [Test]
    public void The_gradient_at_an_intermediate_result_needs_no_preparation()
    {
        double[] values = Draw.Uniform(new Random(3), 17, 0.5, 2), seed = Draw.Uniform(new Random(4), values.Length);
        using var scope = _device.Scope();
        var x = Leaf(values);
        var middle = x.Log();
        var y = middle.Exp() * middle;
        using var g = Gradients.Of(y, Tensor(seed), middle, x);

        double[] logs = Array.ConvertAll(values, Math.Log);
        double[] atMiddle = CentralDifferences.Of(v => CentralDifferences.Dot(Array.ConvertAll(v, m => Math.Exp(m) * m), seed), logs);
        double[] atX = CentralDifferences.Of(v => CentralDifferences.Dot(Array.ConvertAll(v, u => u * Math.Log(u)), seed), values);
        Close.Check(atMiddle, g[middle].ToArray(), 1e-5, 1e-6, "middle");
        Close.Check(atX, g[x].ToArray(), 1e-5, 1e-6, "x");
    }

    [Test]
    public void The_gradient_at_the_result_itself_is_the_seed()
    {
        using var scope = _device.Scope();
        var x = Leaf([1, 2, 3]);
        var y = x.Square();
        using var g = Gradients.Of(y, Tensor([4, 5, 6]), y, x);
        Assert.That(g[y].ToArray(), Is.EqualTo(new float[] { 4, 5, 6 }));
        Assert.That(g[x].ToArray(), Is.EqualTo(new float[] { 8, 20, 36 }));
    }

    [Test]
    public void One_computation_answers_several_seeds()
    {
        using var scope = _device.Scope();
        var x = Leaf([1, 2, 3]);
        var y = x.Square();
        using var first = Gradients.Of(y, Tensor([1, 0, 0]), x);
        using var second = Gradients.Of(y, Tensor([0, 0, 1]), x);
        Assert.That(first[x].ToArray(), Is.EqualTo(new float[] { 2, 0, 0 }));
        Assert.That(second[x].ToArray(), Is.EqualTo(new float[] { 0, 0, 6 }));
    }

    [Test]
    public void A_tensor_without_influence_is_refused()
    {
        using var scope = _device.Scope();
        var (x, other) = (Leaf([1, 2]), Leaf([3, 4]));
        Assert.That(() => Gradients.Of(x.Square(), Tensor([1, 1]), other), Throws.InvalidOperationException.With.Message.Contains("does not depend on tensor [2]"));
        Assert.That(() => Gradients.Of(x.Detach().Square(), Tensor([1, 1]), x), Throws.InvalidOperationException);
    }

    [Test]
    public void A_seed_of_another_shape_is_refused()
    {
        using var scope = _device.Scope();
        var x = Leaf([1, 2]);
        Assert.That(() => Gradients.Of(x.Square(), Tensor([1, 1, 1]), x),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo("gradient: seed [3] must have the shape of the result [2]"));
        Assert.That(() => Gradients.OfLoss(x.Square(), x), Throws.TypeOf<ShapeException>().With.Message.EqualTo("gradient: a result of shape [2] needs a seed"));
    }

    [Test]
    public void Only_what_is_asked_for_is_computed()
    {
        using var device = new CountingDevice();
        using var scope = device.Scope();
        var x = device.Full([2, 3, 5, 6], 0.5f).Leaf();
        Tensor w1 = device.Full([4, 3, 3, 3], 0.1f).Leaf(), w2 = device.Full([7, 4 * 3 * 4], 0.1f).Leaf(), b = device.Full([4], 0.2f).Leaf();
        var middle = x.Conv2d(w1, b);
        var y = middle.Flatten().Linear(w2);
        var seed = device.Full(y.Shape, 1);

        string[] Calls(params Tensor[] wrt)
        {
            device.Calls.Clear();
            using var g = Gradients.Of(y, seed, wrt);
            return [.. device.Calls];
        }

        Assert.That(Calls(x), Is.EqualTo(new[] { "linear dx", "conv dx" }), "of the input");
        Assert.That(Calls(middle), Is.EqualTo(new[] { "linear dx" }), "of the middle");
        Assert.That(Calls(w2), Is.EqualTo(new[] { "linear dw" }), "of the last weight");
        Assert.That(Calls(b), Is.EqualTo(new[] { "linear dx", "conv db" }), "of the first bias");
        Assert.That(Calls(w1, w2), Is.EquivalentTo(new[] { "linear dx", "linear dw", "conv dw" }), "of both weights");
    }

    [Test]
    public void Gradients_on_the_way_are_freed_as_soon_as_they_are_passed_on()
    {
        using var device = new CpuDevice(1);
        using var scope = device.Scope();
        const int bytes = 4 << 16;
        var x = device.Full([1 << 16], 0.5f).Leaf();
        var y = x;
        for (int i = 0; i < 20; i++) y = y.Tanh();
        var seed = device.Full(y.Shape, 1);
        device.ResetPeak();
        long before = device.LiveBytes;
        using var g = Gradients.Of(y, seed, x);
        Assert.That(device.LiveBytes - before, Is.EqualTo(bytes), "the answer");
        Assert.That(device.PeakBytes - before, Is.EqualTo(2 * bytes), "two gradients at a time");
    }

    Tensor Tensor(double[] values) => _device.Tensor([values.Length], Draw.Floats(values));
    Tensor Leaf(double[] values) => Tensor(values).Leaf();
}
