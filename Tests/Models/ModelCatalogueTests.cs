using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class ModelCatalogueTests
{
    readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    static IEnumerable<string> Names => ModelCatalogue.All.Select(m => m.Name);

    [TestCaseSource(nameof(Names))]
    public void The_catalogue_makes_what_it_says(string name)
    {
        var entry = ModelCatalogue.Find(name);
        using var scope = _device.Scope();
        using var model = entry.Create(Initializer.Unset(_device));
        Assert.That((model.ParameterCount, model.InputShape, model.Classes), Is.EqualTo((entry.Parameters, entry.InputShape, entry.Classes)));
        _device.Trim();
    }

    [TestCase("mnist-cnn"), TestCase("resnet20"), TestCase("resnet18"), TestCase("densenet121"), TestCase("squeezenet1_1")]
    public void Any_number_of_classes_will_do_and_none_leaves_the_pooled_features(string name)
    {
        using var scope = _device.Scope();
        using ImageClassifier seven = DrawnNetworks.Create(_device, name, classes: 7), whole = DrawnNetworks.Create(_device, name);
        var image = DrawnNetworks.Drawn(_device, "image", [2, .. name == "mnist-cnn" ? (int[])[1, 28, 28] : [3, 32, 32]]);
        Assert.That(seven.Forward(image).Shape, Is.EqualTo(Shape.Create(2, 7)));
        if (name == "mnist-cnn") return;

        using var headless = DrawnNetworks.Create(_device, name, classes: 0);
        var features = whole.Features(image);
        Assert.That(headless.Forward(image).ToArray(), Is.EqualTo(features.AdaptiveAvgPool2d(1).Flatten().ToArray()));
        Assert.That(headless.State().Select(s => s.Name), Is.EqualTo(whole.State().Select(s => s.Name).Where(n => !n.StartsWith("fc.", StringComparison.Ordinal) && !n.StartsWith("linear.", StringComparison.Ordinal) && !n.StartsWith("classifier.", StringComparison.Ordinal))));
    }

    [Test]
    public void A_mistyped_name_is_told_what_was_meant() =>
        Assert.That(() => ModelCatalogue.Find("rsenet50"), Throws.TypeOf<UnknownModelException>().With.Message.EqualTo("unknown model 'rsenet50': did you mean 'resnet50'?"));

    [Test]
    public void First_weights_are_torchvisions()
    {
        using var scope = _device.Scope();
        using var resnet = ModelCatalogue.Find("resnet18").Create(new(_device, 3));
        Deviation(resnet, "layer2.0.conv2.weight", Math.Sqrt(2.0 / (128 * 9)));
        Deviation(resnet, "layer2.0.downsample.0.weight", Math.Sqrt(2.0 / 128));
        Deviation(resnet, "fc.weight", 1 / Math.Sqrt(3 * 512));
        Assert.That(Values(resnet, "layer1.0.bn2.weight"), Has.All.EqualTo(1));
        using var densenet = ModelCatalogue.Find("densenet121").Create(new(_device, 3));
        Deviation(densenet, "features.denseblock2.denselayer3.conv1.weight", Math.Sqrt(2.0 / 192));
        Assert.That(Values(densenet, "classifier.bias"), Has.All.Zero);
        using var squeezenet = ModelCatalogue.Find("squeezenet1_1").Create(new(_device, 3));
        Deviation(squeezenet, "classifier.1.weight", 0.01);
        Deviation(squeezenet, "features.9.expand3x3.weight", Math.Sqrt(2.0 / (48 * 9)));
        using var cifar = ModelCatalogue.Find("resnet20").Create(new(_device, 3));
        Deviation(cifar, "layer3.1.conv1.weight", Math.Sqrt(2.0 / (64 * 9)));
        Assert.That(Values(cifar, "linear.bias"), Has.Some.Not.Zero.And.All.InRange(-0.125, 0.125));
    }

    static void Deviation(Module model, string name, double expected) =>
        Assert.That(Math.Sqrt(Values(model, name).Average(v => (double)v * v)), Is.EqualTo(expected).Within(3).Percent, name);

    static float[] Values(Module model, string name) => model.State().Single(s => s.Name == name).Value.ToArray();
}
