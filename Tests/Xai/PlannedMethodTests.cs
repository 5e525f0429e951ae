using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Methods on a classifier with plans give the maps of the classifier itself.</summary>
sealed class PlannedMethodTests
{
    CpuDevice _device = null!;

    [OneTimeSetUp] public void Open() => _device = new CpuDevice();
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    static IEnumerable<TestCaseData> Methods()
    {
        var zero = new Baseline.Constant(0);
        foreach (string model in (string[])["mnist-cnn", "resnet20"])
            foreach (var method in (IAttribution[])
                [new Saliency(), new IntegratedGradients(zero, 7), new IntegratedGradients(new Baseline.Mean(), 4, PathRule.Trapezoid, Tolerance: 1e-2), new Occlusion(5, 4, 3, 4, zero), new GradCam(), new GradCam(Layer(model)),
                    new FeatureAblation(new Segments.Slic(12), new Baseline.Mean()), new Lime(new Segments.Grid(4), zero, 30), new Rise(20), new ScoreCam(), new ScoreCam(Layer(model)), new AblationCam(), new AblationCam(Layer(model))])
                yield return new TestCaseData(model, method);
    }

    static string Layer(string model) => model == "resnet20" ? "layer2.1.conv1" : "relu1";

    [TestCaseSource(nameof(Methods))]
    public void Maps_agree(string name, IAttribution method)
    {
        using var model = DrawnNetworks.Create(_device, name);
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, name));
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, .. model.InputShape]);
        Attribution expected = method.Explain(model, x, 3), actual = method.Explain(planned, x, 3);
        Distance.Check(Wide(expected.Map), Wide(actual.Map), 2e-3, "map");           // at kinks rounding decides
        Assert.That(actual.Passes, Is.EqualTo(expected.Passes));
    }

    [TestCaseSource(nameof(Methods))]
    public void Several_images_together_have_the_bits_of_each_alone(string name, IAttribution method)
    {
        foreach (bool plans in (bool[])[true, false])
        {
            using var f = plans ? PlannedClassifier.Of(DrawnNetworks.Create(_device, name)) : DrawnNetworks.Create(_device, name);
            using var scope = _device.Scope();
            int[] targets = [3, 0, 7, 3, 9];
            var x = DrawnNetworks.Drawn(_device, "x", [targets.Length, .. f.InputShape]);
            var together = new List<Attribution>();
            method.ExplainAll(f, x, targets, (i, found) =>
            {
                Assert.That(i, Is.EqualTo(together.Count), "in order");
                together.Add(found);
            });
            for (int i = 0; i < targets.Length; i++)
            {
                var alone = method.Explain(f, x.Slice(0, i, 1), targets[i]);
                Assert.That(together[i].Map.Values, Is.EqualTo(alone.Map.Values), $"image {i}, plans {plans}");
                Assert.That(together[i].Channels.SelectMany(c => c.Values), Is.EqualTo(alone.Channels.SelectMany(c => c.Values)), $"channels of image {i}");
                Assert.That((together[i].Passes, together[i].Residual), Is.EqualTo((alone.Passes, alone.Residual)));
            }
        }
    }

    [Test]
    public void Integrated_gradients_are_the_same_bits_for_any_memory_budget()
    {
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, "resnet20"));
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        var maps = ((long[])[1, 20 << 20, 1 << 30]).Select(budget => Wide(new IntegratedGradients(new Baseline.Constant(0), 9, MemoryBudget: budget).Explain(planned, x, 1).Map)).ToList();
        Assert.That(maps[1], Is.EqualTo(maps[0]));
        Assert.That(maps[2], Is.EqualTo(maps[0]));
    }

    [Test]
    public void Occlusion_is_the_same_bits_for_any_memory_budget()
    {
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, "resnet20"));
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        var method = new Occlusion(6, 7, 5, 3, new Baseline.Constant(0.1f));
        var maps = ((long[])[1, 4 << 20, 1 << 30]).Select(budget => Wide(new Occluder(method, planned, _device, budget).Explain(x, 1).Logit)).ToList();
        Assert.That(maps[1], Is.EqualTo(maps[0]));
        Assert.That(maps[2], Is.EqualTo(maps[0]));
    }

    [Test]
    public void Approximate_occlusion_tells_its_error()
    {
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, "resnet20"));
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        // 16 positions: all are checked, and without overlap a map's values are their drops.
        var exact = new Occlusion(8, 8, 8, 8, new Baseline.Constant(0)).Explain(planned, x, 1);
        var near = new Occlusion(8, 8, 8, 8, new Baseline.Constant(0), Reach: 0.5).Explain(planned, x, 1);
        double largest = exact.Map.Values.Zip(near.Map.Values, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.That(near.Residual, Is.EqualTo(largest).Within(1e-4).And.GreaterThan(1e-3));
        Assert.That(exact.Residual, Is.Null);
    }

    [Test]
    public void Curves_agree()
    {
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var planned = PlannedClassifier.Of(DrawnNetworks.Create(_device, "resnet20"));
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        // Pixels from the middle outwards: the first steps are local.
        var map = new Map(32, 32, [.. Enumerable.Range(0, 1024).Select(p => -MathF.Max(Math.Abs(p / 32 - 15.5f), Math.Abs(p % 32 - 15.5f)))]);
        var (deletion, insertion) = new PixelCurves(25, Score: ClassScore.Logit).Of(model, x, 3, map);
        var actual = new PixelCurves(25, Score: ClassScore.Logit).Of(planned, x, 3, map);
        Assert.That(actual.Deletion.Scores, Is.EqualTo(deletion.Scores).Within(1e-4));
        Assert.That(actual.Insertion.Scores, Is.EqualTo(insertion.Scores).Within(1e-4));
    }

    static double[] Wide(Map map) => Array.ConvertAll(map.Values.ToArray(), v => (double)v);
}
