using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>A plan computes what the network computes layer by layer.</summary>
sealed class PlanTests
{
    CpuDevice _device = null!;

    [OneTimeSetUp] public void Open() => _device = new CpuDevice();
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    [Test]
    public void Random_networks_have_the_same_features([Range(0, 79)] int seed, [Values(ConvAlgorithm.Direct, ConvAlgorithm.Winograd4)] ConvAlgorithm fastest)
    {
        using var model = new RandomNetwork(_device, seed);
        CheckFeatures(model, model.InputShape, n: 1 + seed % 4, new() { Fastest = fastest }, fastest == ConvAlgorithm.Direct ? 2e-6 : 2e-5);
    }

    // Every family, on smaller images: sizes differ from layer to layer all the same.
    [TestCase("mnist-cnn", 28)]
    [TestCase("resnet20", 32)]
    [TestCase("resnet18", 97)]
    [TestCase("resnet50", 65)]
    [TestCase("resnext50_32x4d", 64)]
    [TestCase("wide_resnet50_2", 33)]
    [TestCase("vgg11", 64)]
    [TestCase("vgg16_bn", 70)]
    [TestCase("densenet121", 64)]
    [TestCase("densenet161", 40)]
    [TestCase("alexnet", 96)]
    [TestCase("squeezenet1_1", 83)]
    public void Every_family_has_the_same_features(string name, int size)
    {
        using var model = DrawnNetworks.Create(_device, name);
        CheckFeatures(model, [model.InputShape[0], size, size], n: 2, new(), 1e-5);
    }

    [Test]
    public void Random_networks_have_the_same_gradients([Range(0, 79)] int seed)
    {
        using var model = new RandomNetwork(_device, seed);
        CheckGradient(model, model.InputShape, n: 1 + seed % 3, seed % 2 == 0 ? ConvAlgorithm.Direct : ConvAlgorithm.Winograd4, seed % 2 == 0 ? 3e-6 : 2e-3);
    }

    [TestCase("mnist-cnn", 28)]
    [TestCase("resnet20", 32)]
    [TestCase("resnet18", 65)]
    [TestCase("resnet50", 65)]
    [TestCase("resnext50_32x4d", 64)]
    [TestCase("vgg11_bn", 64)]
    [TestCase("densenet121", 64)]
    [TestCase("alexnet", 96)]
    [TestCase("squeezenet1_1", 83)]
    public void Every_family_has_the_same_gradients(string name, int size)
    {
        using var model = DrawnNetworks.Create(_device, name);
        CheckGradient(model, [model.InputShape[0], size, size], n: 2, ConvAlgorithm.Direct, 2e-2);           // at kinks rounding decides
    }

    [Test]
    public void A_transferred_head_is_planned_up_to_the_backbones_features()
    {
        using var backbone = DrawnNetworks.Create(_device, "resnet20", 0);
        using var model = new TransferClassifier(backbone, Heads.Pooled(new(_device, 3), 4), 4);
        CheckFeatures(model, model.InputShape, 3, new(), 1e-5);
    }

    [Test]
    public void A_planned_classifier_is_the_classifier_in_values_names_and_gradients()
    {
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, "resnet20"));
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var scope = _device.Scope();
        var x = Images([3, .. model.InputShape], 1);
        Distance.Check(Wide(model.Forward(x)), Wide(planned.Forward(x)), 1e-5, "logits");
        Assert.That(planned.Modules().Select(m => m.Name), Is.EqualTo(model.Modules().Select(m => m.Name)));
        Assert.That(planned.State().Select(m => m.Name), Is.EqualTo(model.State().Select(m => m.Name)));
        var smaller = Images([2, 3, 16, 16], 2);
        Distance.Check(Wide(model.Forward(smaller)), Wide(planned.Forward(smaller)), 1e-5, "logits of smaller images");
    }

    [Test]
    public void An_image_has_the_same_bits_in_any_company_and_for_any_number_of_threads()
    {
        float[] first = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using var device = new CpuDevice(threads);
            using var model = DrawnNetworks.Create(device, "resnet18");
            using var plan = Plan.Of(model, 64, 64)!;
            using var scope = device.Scope();
            foreach (int n in (int[])[1, 5])
            {
                float[] y = plan.Features(DrawnNetworks.Drawn(device, "x", [n, 3, 64, 64])).ToArray()[..(512 * 2 * 2)];
                if (first.Length == 0) first = y;
                Assert.That(y, Is.EqualTo(first), $"{threads} threads, {n} images");
            }
        }
    }

    [Test]
    public void A_network_that_plans_do_not_know_runs_layer_by_layer()
    {
        using var model = new Curved(_device);
        using var planned = PlannedClassifier.Of(model);
        using var scope = _device.Scope();
        var x = Images([2, 3, 8, 8], 4);
        Assert.That(Plan.Of(model, 8, 8), Is.Null);
        Assert.That(planned.Forward(x).ToArray(), Is.EqualTo(model.Forward(x).ToArray()));
    }

    [Test]
    public void Images_of_another_size_are_refused()
    {
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var plan = Plan.Of(model, 32, 32)!;
        using var x = _device.Zeros([1, 3, 31, 32]);
        Assert.That(() => plan.Features(x), Throws.TypeOf<ShapeException>().With.Message.Contains("[1, 3, 31, 32]"));
    }

    [Test]
    public void A_plan_returns_its_memory()
    {
        long before = _device.LiveBytes;
        using (var model = DrawnNetworks.Create(_device, "densenet121"))
        using (var plan = Plan.Of(model, 64, 64)!)
        using (_device.Scope())
            plan.Features(_device.Zeros([2, 3, 64, 64]));
        Assert.That(_device.LiveBytes, Is.EqualTo(before));
    }

    void CheckFeatures(ImageClassifier model, Shape image, int n, PlanOptions options, double most)
    {
        using var plan = Plan.Of(model, image[1], image[2], options);
        Assert.That(plan, Is.Not.Null, "the network was not understood");
        using var scope = _device.Scope();
        var x = Images([n, .. image], 11);
        var expected = model.Features(x);
        var actual = plan!.Features(x);
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        if (expected.ToArray().All(v => v == 0)) Assert.That(actual.ToArray(), Is.EqualTo(expected.ToArray()));
        else Distance.Check(Wide(expected), Wide(actual), most, "features");
    }

    void CheckGradient(ImageClassifier model, Shape image, int n, ConvAlgorithm fastest, double most)
    {
        using var plan = Plan.Of(model, image[1], image[2], new() { Fastest = fastest })!;
        Once();
        long before = _device.LiveBytes;                                 // with the weights that gradients need
        Once();
        Assert.That(_device.LiveBytes, Is.EqualTo(before));

        void Once()
        {
            using var scope = _device.Scope();
            Tensor x = Images([n, .. image], 12).Leaf(), expected = model.Features(x), actual = plan.FeaturesFrom(x);
            var seed = Images(expected.Shape, 13);
            using var right = Gradients.Of(expected, seed, x);
            using var ours = Gradients.Of(actual, seed, x);
            if (right[x].ToArray().All(v => v == 0)) Assert.That(ours[x].ToArray(), Is.EqualTo(right[x].ToArray()));
            else Distance.Check(Wide(right[x]), Wide(ours[x]), most, "gradient");
        }
    }

    Tensor Images(Shape shape, int seed) => _device.Tensor(shape, Draw.Floats(Draw.Uniform(new(seed), shape.Elements)));

    static double[] Wide(Tensor t) => Array.ConvertAll(t.ToArray(), v => (double)v);

    sealed class Curved : ImageClassifier
    {
        readonly Module _conv;

        public Curved(Device device) : base([3, 8, 8], 4) => _conv = Add("conv", new Conv2d(new(device, 1), 3, 4, 3));

        protected override Tensor RunFeatures(Tensor x, Pass pass) => _conv.Forward(x, pass).Sigmoid();
        protected override Tensor RunHead(Tensor features, Pass pass) => features.Mean([2, 3]);
    }
}
