using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class TransferClassifierTests
{
    readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    [Test]
    public void A_new_head_is_trained_and_the_backbone_stays()
    {
        using var scope = _device.Scope();
        using var model = Create();
        Assert.That(model.Top.State().Select(s => (s.Name, s.Value.Shape)), Is.EqualTo(new (string, Shape)[]
        {
            ("1.weight", [5, 64 * 8 * 8]), ("1.bias", [5]), ("3.weight", [5]), ("3.bias", [5]), ("3.running_mean", [5]), ("3.running_var", [5]), ("5.weight", [3, 5]), ("5.bias", [3]),
        }));
        var before = model.Backbone.State().ToDictionary(s => s.Name, s => s.Value.ToArray());
        var (first, last) = Train(model, model.Top);
        Assert.That(last, Is.LessThan(0.9 * first));
        foreach (var (name, value) in model.Backbone.State()) Assert.That(value.ToArray(), Is.EqualTo(before[name]), name);
    }

    [Test]
    public void A_backbone_that_is_trained_moves()
    {
        using var scope = _device.Scope();
        using var model = Create();
        float[] weight = model.Backbone.State().First().Value.ToArray(), mean = model.Backbone.State().Single(s => s.Name == "bn1.running_mean").Value.ToArray();
        Train(model, model, steps: 1);
        Assert.That(model.Backbone.State().First().Value.ToArray(), Is.Not.EqualTo(weight));
        Assert.That(model.Backbone.State().Single(s => s.Name == "bn1.running_mean").Value.ToArray(), Is.Not.EqualTo(mean));
    }

    [Test]
    public void What_is_frozen_before_behind_or_between_stays_and_gives_the_gradients_of_the_whole()
    {
        using var scope = _device.Scope();
        using var model = Create();
        var x = DrawnNetworks.Drawn(_device, "image", [4, 3, 32, 32]);
        var moved = model.Parameters().Where(p => p.Name.StartsWith("backbone.layer2.1", StringComparison.Ordinal) || p.Name == "top.5.bias").ToDictionary(p => p.Name, p => p.Value);
        // Without batch statistics a frozen network computes what an unfrozen one does.
        Pass Inference(IReadOnlySet<Parameter>? trained) => new() { Records = true, Trained = trained };
        var some = model.Forward(x, Inference(moved.Values.ToHashSet())).CrossEntropy([0, 2, 1, 0]);
        var all = model.Forward(x, Inference(null)).CrossEntropy([0, 2, 1, 0]);
        using Gradients ofSome = Gradients.OfLoss(some, moved.Values), ofAll = Gradients.OfLoss(all, moved.Values);
        foreach (var (name, p) in moved) Assert.That(ofSome[p].ToArray(), Is.EqualTo(ofAll[p].ToArray()).And.Some.Not.Zero, name);
        Assert.That(() => Gradients.OfLoss(some, model.Parameters().First().Value.Leaf), Throws.InvalidOperationException);
    }

    [Test]
    public void Layers_of_the_backbone_are_found_by_name()
    {
        using var scope = _device.Scope();
        using var model = Create();
        var x = DrawnNetworks.Drawn(_device, "image", [1, 3, 32, 32]);
        var seen = new Activations(model, "backbone.layer3", "top.2");
        var y = model.Forward(x, Pass.Watching(seen));
        Assert.That(seen["backbone.layer3"].ToArray(), Is.EqualTo(model.Features(x).ToArray()));
        using var g = Gradients.Of(y, DrawnNetworks.Drawn(_device, "seed", y.Shape), seen["backbone.layer3"], seen["top.2"]);
        Assert.That(g[seen["backbone.layer3"]].ToArray(), Has.Some.Not.Zero);
    }

    TransferClassifier Create() =>
        new(new CifarResNet(new(_device, 1), 20, classes: 0), Heads.Dense(new(_device, 2), classes: 3, width: 5, dropout: 0.1f), classes: 3);

    (double First, double Last) Train(TransferClassifier model, Module trained, int steps = 12)
    {
        using var optimizer = new Adam(trained.Parameters());
        var moved = trained.Parameters().Select(p => p.Value).ToHashSet();
        var x = DrawnNetworks.Drawn(_device, "image", [6, 3, 32, 32]);
        List<double> losses = [];
        for (int i = 0; i < steps; i++)
        {
            using var scope = _device.Scope();
            var loss = model.Forward(x, Pass.Training(seed: 1, step: (ulong)i, moved)).CrossEntropy([0, 1, 2, 2, 1, 0]);
            using var g = Gradients.OfLoss(loss, trained.Parameters().Select(p => p.Value));
            optimizer.Step(g, rate: 0.02);
            losses.Add(loss.Item());
        }
        return (losses[0], losses[^1]);
    }
}
