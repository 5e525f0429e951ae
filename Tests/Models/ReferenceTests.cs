using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Real weights, real pictures, at full size, against what PyTorch made of them.</summary>
sealed class ReferenceTests
{
    [TestCase("n02123045", 285)]
    [TestCase("n02123597", 284)]
    public void A_trained_ResNet_50_sees_what_PyTorch_sees(string picture, int target)
    {
        string weights = SharedFiles.Weights("resnet50-imagenet.safetensors");
        using var reference = SafetensorsFile.Open(SharedFiles.Reference("resnet50-imagenet.safetensors"));
        using var device = new CpuDevice(2);
        using var scope = device.Scope();
        using var model = ModelCatalogue.Find("resnet50").Create(Initializer.Unset(device));
        model.Load(weights);
        var x = device.Tensor([1, 3, 224, 224], reference.Read($"{picture}.input")).Leaf();
        var seen = new Activations(model, "layer4");
        var y = model.Forward(x, Pass.Watching(seen));
        Check("logits", y, 1e-4);

        using var g = Gradients.Of(y, device.Tensor([1, 1000], [.. Enumerable.Range(0, 1000).Select(c => c == target ? 1f : 0f)]), x, seen["layer4"]);
        // Rounding decides the slope of ReLUs near their kink: the reference itself, float32, is 3.0e-3 and 1.4e-3 from PyTorch's float64 here (Bench/peers/explanations.py --exact).
        Check("gradient", g[x], 5e-3);
        Check("grad_cam", (g[seen["layer4"]].Mean([2, 3], keepDim: true) * seen["layer4"]).Sum([1]).Relu(), 1e-3);

        void Check(string what, Tensor actual, double most) =>
            Distance.Check(Array.ConvertAll(reference.Read($"{picture}.{what}"), v => (double)v), Array.ConvertAll(actual.ToArray(), v => (double)v), most, $"{what} of {picture}");
    }

    [Test]
    public void A_new_head_learns_on_DenseNet_169s_features()
    {
        using var device = new CpuDevice(2);
        using var scope = device.Scope();
        var backbone = new DenseNet(Initializer.Unset(device), DenseNetTable.DenseNet169, classes: 0, eps: 1.001e-5f);
        backbone.Load(SharedFiles.Weights("densenet169-imagenet-notop.safetensors"));
        using var model = new TransferClassifier(backbone, Heads.Pooled(new(device, 1), classes: 3), classes: 3);
        Assert.That(backbone.FeatureShape(), Is.EqualTo(Shape.Create(1664, 7, 7)));
        var x = DrawnNetworks.Drawn(device, "image", [2, 3, 64, 64]);
        Assert.That(model.Forward(x).Shape, Is.EqualTo(Shape.Create(2, 3)));
        float[] features = model.Features(x).ToArray();
        Assert.That(features, Has.All.GreaterThanOrEqualTo(0).And.Some.GreaterThan(0.1f));
    }
}
