using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;
using Dropout = IlgpuXai.Engine.Dropout;
using Relu = IlgpuXai.Engine.Relu;

namespace IlgpuXai.Tests;

sealed class ModuleTests
{
    readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    [TestCase(6, 4, 0), TestCase(6, 4, -2), TestCase(6, 4, 4), TestCase(6, 4, 3)]
    public void A_convolution_refuses_groups_that_do_not_divide_its_channels(int inChannels, int outChannels, int groups) =>
        Assert.That(() => new Conv2d(new Initializer(_device, 1), inChannels, outChannels, kernel: 3, groups: groups),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo($"conv2d: {groups} groups do not divide {inChannels} input and {outChannels} output channels"));

    /// <summary>A residual block and a dense layer, as a torchvision model would name them.</summary>
    sealed class Toy : ImageClassifier
    {
        readonly Module _conv1, _bn1, _relu, _downsample, _fc;

        public Toy(Initializer init) : base([3, 5, 7], classes: 4)
        {
            _conv1 = Add("conv1", new Conv2d(init, 3, 6, kernel: 3, padding: 1, bias: false));
            _bn1 = Add("bn1", new BatchNorm2d(init, 6));
            _relu = Add("relu", new Relu());
            _downsample = Add("downsample", new Sequential(new Conv2d(init, 3, 6, kernel: 1), new BatchNorm2d(init, 6)));
            _fc = Add("fc", new Linear(init, 6, Classes));
        }

        protected override Tensor RunFeatures(Tensor x, Pass pass) =>
            _relu.Forward(Chain(x, pass, _conv1, _bn1) + _downsample.Forward(x, pass), pass);

        protected override Tensor RunHead(Tensor features, Pass pass) => _fc.Forward(features.AdaptiveAvgPool2d(1).Flatten(), pass);
    }

    [Test]
    public void State_has_PyTorchs_names_in_PyTorchs_order()
    {
        using var toy = new Toy(new(_device));
        Assert.That(toy.State().Select(s => s.Name), Is.EqualTo(new[]
        {
            "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
            "downsample.0.weight", "downsample.0.bias", "downsample.1.weight", "downsample.1.bias", "downsample.1.running_mean", "downsample.1.running_var",
            "fc.weight", "fc.bias",
        }));
        Assert.That(toy.Parameters().Select(p => p.Name), Has.None.Contains("running"));
        Assert.That(toy.ParameterCount, Is.EqualTo(6 * 27 + 12 + 18 + 6 + 12 + 24 + 4));
    }

    [Test]
    public void Inference_keeps_nothing_but_its_result()
    {
        using var toy = new Toy(new(_device));
        using var x = Image(2);
        long before = _device.LiveBytes;
        using (var y = toy.Forward(x))
        {
            Assert.That(y.RequiresGrad, Is.False);
            Assert.That(_device.LiveBytes - before, Is.EqualTo(256), "one result of 2·4 numbers");
        }
        Assert.That(_device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void A_chain_frees_each_result_when_the_next_is_there()
    {
        using var device = new CpuDevice(1);
        using var chain = new Sequential([.. Enumerable.Range(0, 10).Select(_ => new AvgPool2d(1))]);
        using var x = device.Zeros([1, 1, 256, 256]);
        device.ResetPeak();
        chain.Forward(x).Dispose();
        Assert.That(device.PeakBytes - device.LiveBytes, Is.EqualTo(2 * (4 << 16)));
    }

    [Test]
    public void A_chain_overwrites_its_own_results_and_nothing_else()
    {
        using var scope = _device.Scope();
        var x = Random([1, 2, 3, 5], 6);
        float[] before = x.ToArray();
        Dropout alias = new(0.5f);                                  // in inference its result shares its input's memory
        using var chain = new Sequential(alias, new Relu(), new AvgPool2d(1), new Relu());
        var seen = new Activations(chain, "2", "3");
        float[] y = chain.Forward(x).ToArray();
        chain.Forward(x, Pass.Watching(seen));
        Assert.That(x.ToArray(), Is.EqualTo(before));
        Assert.That(y, Is.EqualTo(Array.ConvertAll(before, v => Math.Max(v, 0))));
        Assert.That(seen["3"].ToArray(), Is.EqualTo(y));
        Assert.That(chain.Forward(x.Leaf()).ToArray(), Is.EqualTo(y));

        using var signed = new Sequential(new AvgPool2d(1), new Relu());
        var watched = new Activations(signed, "0");
        signed.Forward(x, Pass.Watching(watched));
        Assert.That(watched["0"].ToArray(), Is.EqualTo(before), "what is watched stays");
    }

    [Test]
    public void An_explanation_in_inference_reaches_the_input_and_no_weight()
    {
        using var scope = _device.Scope();
        using var toy = new Toy(new(_device));
        var x = Image(2).Leaf();
        var y = toy.Forward(x);
        using var g = Gradients.Of(y, _device.Full(y.Shape, 1), x);
        Assert.That(g[x].ToArray(), Has.Some.Not.Zero);
        Assert.That(() => Gradients.Of(y, _device.Full(y.Shape, 1), toy.Parameters().First().Value.Leaf), Throws.InvalidOperationException);
    }

    [Test]
    public void Training_reaches_every_parameter_and_returns_all_memory()
    {
        using var toy = new Toy(new(_device));
        long before = _device.LiveBytes;
        using (_device.Scope())
        {
            var loss = toy.Forward(Image(3), Pass.Training(seed: 1, step: 0)).CrossEntropy([0, 3, 1]);
            using var g = Gradients.OfLoss(loss, toy.Parameters().Select(p => p.Value));
            foreach (var (name, parameter) in toy.Parameters()) Assert.That(g[parameter].Shape, Is.EqualTo(parameter.Shape), name);
        }
        Assert.That(_device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void A_model_returns_its_memory()
    {
        long before = _device.LiveBytes;
        using (_device.Scope()) new Toy(new(_device)).Dispose();
        Assert.That(_device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void Weights_outlive_the_scope_a_model_was_made_in()
    {
        Toy toy;
        using (_device.Scope()) toy = new Toy(new(_device));
        Assert.That(toy.State().First().Value.ToArray(), Has.Length.EqualTo(6 * 27));
        toy.Dispose();
    }

    [Test]
    public void Forward_is_the_head_of_the_features()
    {
        using var scope = _device.Scope();
        using var toy = new Toy(new(_device));
        var x = Image(2);
        var features = toy.Features(x);
        Assert.That(features.Shape, Is.EqualTo(Shape.Create(2, 6, 5, 7)));
        Assert.That(toy.Head(features).ToArray(), Is.EqualTo(toy.Forward(x).ToArray()));
    }

    [Test]
    public void Watched_activations_give_values_and_gradients()
    {
        using var scope = _device.Scope();
        using var toy = new Toy(new(_device));
        var x = Image(2);
        var seen = new Activations(toy, "relu", "downsample.1");
        var y = toy.Forward(x, Pass.Watching(seen));
        Assert.That(seen["relu"].ToArray(), Is.EqualTo(toy.Features(x).ToArray()));

        var seed = Random(y.Shape, 5);
        using var g = Gradients.Of(y, seed, seen["relu"], seen["downsample.1"]);
        var a = toy.Features(x).Leaf();
        using var expected = Gradients.Of(toy.Head(a), seed, a);
        Assert.That(g[seen["relu"]].ToArray(), Is.EqualTo(expected[a].ToArray()));
        Assert.That(g[seen["downsample.1"]].ToArray(), Is.EqualTo(expected[a].ToArray().Zip(a.ToArray(), (d, v) => v > 0 ? d : 0)));
    }

    [Test]
    public void Watching_a_layer_that_is_not_there_names_the_nearest_or_the_outermost()
    {
        using var toy = new Toy(new(_device));
        Assert.That(() => new Activations(toy, "layer4"), Throws.TypeOf<UnknownLayerException>().With.Message.EqualTo("unknown layer 'layer4': known are conv1, bn1, relu, downsample, fc"));
        Assert.That(() => new Activations(toy, "downsample.2"), Throws.TypeOf<UnknownLayerException>().With.Message.EqualTo("unknown layer 'downsample.2': did you mean 'downsample.0'?"));
    }

    [Test]
    public void An_image_of_the_wrong_kind_is_refused()
    {
        using var toy = new Toy(new(_device));
        using var x = _device.Zeros([2, 1, 5, 7]);
        Assert.That(() => toy.Forward(x), Throws.TypeOf<ShapeException>().With.Message.EqualTo("Toy: input [2, 1, 5, 7], expected [N, 3, 5, 7]"));
    }

    [Test]
    public void Dropout_acts_in_training_and_differs_by_layer_and_step()
    {
        using var scope = _device.Scope();
        var x = _device.Full([1000], 1);
        using var two = new Sequential(new Dropout(0.5f), new Dropout(0.5f));
        Assert.That(two.Forward(x).ToArray(), Has.All.EqualTo(1));

        float[] Draw(ulong seed, ulong step) => new Dropout(0.5f).Forward(x, Pass.Training(seed, step)).ToArray();
        float[] first = Draw(1, 0);
        Assert.That(Draw(1, 0), Is.EqualTo(first));
        Assert.That(Draw(1, 1), Is.Not.EqualTo(first));
        Assert.That(Draw(2, 0), Is.Not.EqualTo(first));
        Assert.That(two.Forward(x, Pass.Training(1, 0)).ToArray().Count(v => v != 0), Is.EqualTo(250).Within(60), "two layers with masks of their own");
    }

    [Test]
    public void Batch_norm_learns_running_statistics_in_training_only()
    {
        using var scope = _device.Scope();
        using var norm = new BatchNorm2d(new(_device), 6, momentum: 0.25f);
        Assert.That(norm.State().Select(s => s.Value.ToArray()[0]), Is.EqualTo(new float[] { 1, 0, 0, 1 }));
        var x = Random([4, 6, 2, 3], 7);
        norm.Forward(x);
        Assert.That(norm.State().Last().Value.ToArray(), Has.All.EqualTo(1));
        norm.Forward(x, Pass.Training(0, 0));
        double[] channel = [.. x.ToArray().Select((v, i) => (v, i)).Where(p => p.i / 6 % 6 == 0).Select(p => (double)p.v)];
        double mean = channel.Average(), variance = channel.Sum(v => (v - mean) * (v - mean)) / (channel.Length - 1);
        Assert.That(norm.State().Single(s => s.Name == "running_mean").Value.ToArray()[0], Is.EqualTo(0.25 * mean).Within(1e-6));
        Assert.That(norm.State().Single(s => s.Name == "running_var").Value.ToArray()[0], Is.EqualTo(0.75 + 0.25 * variance).Within(1e-6));
    }

    Tensor Image(int n) => Random([n, 3, 5, 7], 3);

    Tensor Random(Shape shape, int seed) => _device.Tensor(shape, Tests.Draw.Floats(Tests.Draw.Uniform(new Random(seed), shape.Elements)));
}
