using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.AllAndAsOpened))]
sealed class OpTests(string deviceName) : DeviceTests(deviceName)
{
    [TestCaseSource(typeof(OpCases), nameof(OpCases.All))]
    public void Value_and_gradients_agree_with_the_definition(OpCase c)
    {
        var rng = new Random(1);
        double[][] inputs = [.. c.Inputs.Select(s => Draw.Uniform(rng, Shape.Create(s).Elements, c.Low, c.High))];
        var expected = c.Definition([.. c.Inputs.Zip(inputs, (s, v) => new Nd(s, v))]);
        double[] seed = Draw.Uniform(rng, expected.Values.Length);

        using var scope = Device.Scope();
        Tensor[] leaves = [.. c.Inputs.Zip(inputs, (s, v) => Device.Tensor(Shape.Create(s), Draw.Floats(v)).Leaf())];
        var y = c.Op(leaves);
        Assert.That(y.Shape, Is.EqualTo(Shape.Create(expected.Shape)));
        Close.Check(expected.Values, y.ToArray(), c.Rtol, c.Atol, $"{c}: y");

        using var gradients = Gradients.Of(y, Device.Tensor(y.Shape, Draw.Floats(seed)), leaves);
        for (int i = 0; i < leaves.Length; i++)
        {
            double[] numeric = CentralDifferences.Of(v => CentralDifferences.Dot(c.Definition([.. c.Inputs.Select((s, j) => new Nd(s, j == i ? v : inputs[j]))]).Values, seed), inputs[i], h: 1e-5);
            Assert.That(gradients[leaves[i]].Shape, Is.EqualTo(leaves[i].Shape));
            Close.Check(numeric, gradients[leaves[i]].ToArray(), c.Rtol, c.Atol, $"{c}: gradient of input {i}");
        }
    }

    [TestCaseSource(typeof(OpCases), nameof(OpCases.All))]
    public void Memory_returns_when_the_result_of_plain_tensors_is_disposed(OpCase c)
    {
        long before = Device.LiveBytes;
        Tensor[] inputs = [.. c.Inputs.Select(s => Device.Full(Shape.Create(s), 0.5f))];
        long withInputs = Device.LiveBytes;
        using (Device.Scope()) c.Op(inputs);
        Assert.That(Device.LiveBytes, Is.EqualTo(withInputs), "after a scope");
        foreach (var t in inputs) t.Dispose();
        Assert.That(Device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void Dropout_drops_the_same_elements_in_value_and_gradient()
    {
        using var scope = Device.Scope();
        double[] values = Draw.Uniform(new Random(1), 2003, 0.5, 1), seed = Draw.Uniform(new Random(2), values.Length, 0.5, 1);
        var x = Device.Tensor([values.Length], Draw.Floats(values)).Leaf();
        var y = x.Dropout(new(0.25f, 7, 11));
        float[] dropped = y.ToArray();
        bool[] kept = Array.ConvertAll(dropped, v => v != 0);
        Assert.That(kept.Count(k => k) / 2003.0, Is.EqualTo(0.75).Within(0.04));
        Close.Check([.. values.Select((v, i) => kept[i] ? v / 0.75 : 0)], dropped, 1e-6, 0, "y");
        using var g = Gradients.Of(y, Device.Tensor(y.Shape, Draw.Floats(seed)), x);
        Close.Check([.. seed.Select((v, i) => kept[i] ? v / 0.75 : 0)], g[x].ToArray(), 1e-6, 0, "dx");
    }

    [Test]
    public void Largest_values_that_tie_share_the_gradient()
    {
        using var scope = Device.Scope();
        var x = Device.Tensor([2, 4], [1, 3, 3, 2, 5, 5, 5, 0]).Leaf();
        using var g = Gradients.Of(x.Max([1]), Device.Tensor([2], [0.5f, 3]), x);
        Assert.That(g[x].ToArray(), Is.EqualTo(new float[] { 0, 0.25f, 0.25f, 0, 1, 1, 1, 0 }).Within(1e-6));
    }
}
