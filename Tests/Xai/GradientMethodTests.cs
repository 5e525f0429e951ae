using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
public sealed class GradientMethodTests(string deviceName) : IDisposable
{
    readonly Device _device = TestDevices.Open(deviceName);

    public sealed record Golden(int Target, ClassScore Score, float Baseline, double[] Image, double Change, double[] Saliency, double[] InputXGradient,
        double[] GaussLegendre7, double[] Midpoint5, double[] GradCamRelu, double[] GradCamConv)
    {
        public override string ToString() => $"{Score} of class {Target}, baseline {Baseline}";
    }

    sealed record GoldenFile(int[] Sizes, Dictionary<string, float[]> State, Golden[] Cases);

    static readonly JsonSerializerOptions s_web = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    static readonly GoldenFile s_file = JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(Path.Combine(SharedFiles.Root, "Tests", "Xai", "Goldens", "gradients.json")), s_web)!;
    static readonly int C = s_file.Sizes[0], H = s_file.Sizes[1], W = s_file.Sizes[2];

    public static Golden[] Cases => s_file.Cases;

    // Scores are about 10, weights are rounded to float32.
    [TestCaseSource(nameof(Cases))]
    public void Every_method_gives_what_Captum_gives(Golden g)
    {
        Close.Check(g.Saliency, Channels(g, new Saliency(true, g.Score)), 0, 2e-6, "saliency");
        Close.Check(g.InputXGradient, Channels(g, new InputXGradient(g.Score)), 0, 2e-6, "input × gradient");
        Close.Check(g.GaussLegendre7, Channels(g, new IntegratedGradients(new Baseline.Constant(g.Baseline), 7, Score: g.Score)), 0, 2e-6, "integrated gradients");
        Close.Check(g.Midpoint5, Channels(g, new IntegratedGradients(new Baseline.Constant(g.Baseline), 5, PathRule.Midpoint, Score: g.Score)), 0, 2e-6, "integrated gradients, midpoint");
        Close.Check(g.GradCamRelu, Explain(g, new GradCam("relu", Score: g.Score)).Map.Values, 0, 2e-6, "grad-cam");
        Close.Check(g.GradCamConv, Explain(g, new GradCam("conv", Signed: true, g.Score)).Map.Values, 0, 2e-6, "grad-cam, signed, before the ReLU");
        Assert.That(Explain(g, new GradCam(Score: g.Score)).Map.Values, Is.EqualTo(Explain(g, new GradCam("relu", Score: g.Score)).Map.Values), "the last spatial activations are those of relu");
    }

    [TestCaseSource(nameof(Cases))]
    public void Maps_follow_from_channels_as_the_method_says(Golden g)
    {
        var signed = Explain(g, new Saliency(true, g.Score));
        var absolute = Explain(g, new Saliency(Score: g.Score));
        var input = Explain(g, new InputXGradient(g.Score));
        for (int i = 0; i < H * W; i++)
        {
            Assert.That(signed.Map.Values[i], Is.EqualTo(signed.Channels.Sum(c => c.Values[i])).Within(1e-6));
            Assert.That(input.Map.Values[i], Is.EqualTo(input.Channels.Sum(c => c.Values[i])).Within(1e-6));
            Assert.That(absolute.Map.Values[i], Is.EqualTo(signed.Channels.Max(c => Math.Abs(c.Values[i]))));
        }
        Assert.That(absolute.Channels[1].Values, Is.EqualTo(signed.Channels[1].Values), "channels keep their sign");
    }

    [TestCaseSource(nameof(Cases))]
    public void The_residual_is_what_the_sum_misses_and_refining_brings_it_down(Golden g)
    {
        var coarse = Explain(g, new IntegratedGradients(new Baseline.Constant(g.Baseline), 2, PathRule.Trapezoid, Score: g.Score));
        double sum = coarse.Channels.Sum(c => c.Values.Sum(v => (double)v));
        Assert.That(coarse.Residual!.Value, Is.EqualTo(sum - g.Change).Within(1e-5));
        Assert.That(coarse.Passes, Is.EqualTo(4), "two ends and two steps");
        double bound = Math.Abs(coarse.Residual.Value) / 10;
        Assert.That(bound, Is.GreaterThan(1e-4), "the path is not straight");
        var fine = Explain(g, new IntegratedGradients(new Baseline.Constant(g.Baseline), 2, PathRule.Trapezoid, bound, g.Score));
        Assert.That(Math.Abs(fine.Residual!.Value), Is.LessThanOrEqualTo(bound));
        Assert.That(fine.Passes, Is.GreaterThan(coarse.Passes));
    }

    [Test]
    public void On_a_linear_function_every_method_is_exact()
    {
        float[] weights = [.. Enumerable.Range(0, C * H * W).Select(i => 0.25f * (i % 7 - 3))], image = [.. Enumerable.Range(0, C * H * W).Select(i => 0.5f * (i % 5) - 0.75f)];
        using var f = new LinearClassifier(_device, [C, H, W], weights);
        using var x = _device.Tensor([1, C, H, W], image);
        float[] All(IAttribution method) => [.. method.Explain(f, x, 0).Channels.SelectMany(c => c.Values)];
        Assert.That(All(new Saliency()), Is.EqualTo(weights));
        Assert.That(All(new InputXGradient()), Is.EqualTo(weights.Zip(image, (w, v) => w * v)));
        foreach (var rule in Enum.GetValues<PathRule>())
        {
            var found = new IntegratedGradients(new Baseline.Constant(0.125f), 4, rule).Explain(f, x, 0);
            Close.Check([.. weights.Zip(image, (w, v) => w * (v - 0.125))], [.. found.Channels.SelectMany(c => c.Values)], 1e-6, 0, $"{rule}");
            Assert.That(found.Residual!.Value, Is.Zero.Within(1e-4));
        }
    }

    [Test]
    public void Integrated_gradients_are_the_same_bits_for_any_memory_budget_and_give_it_back()
    {
        var g = Cases[1];
        using var f = Network();
        using var x = Image(g);
        long before = _device.LiveBytes;
        IntegratedGradients Within(long budget) => new(new Baseline.Mean(), 23, MemoryBudget: budget);
        var all = Within(1L << 30).Explain(f, x, 0);
        Assert.That(all.Map.Values.Distinct().Count(), Is.GreaterThan(20), "a map with something in it");
        foreach (long budget in (long[])[1, 20_000, 60_000]) Assert.That(Within(budget).Explain(f, x, 0).Map.Values, Is.EqualTo(all.Map.Values), $"{budget} bytes");
        Assert.That(_device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        using var f = Network();
        using var x = Image(Cases[0]);
        using var two = _device.Zeros([2, C, H, W]);
        Assert.That(() => new Saliency().Explain(f, two, 0), Throws.TypeOf<ShapeException>().With.Message.Contains("saliency: one image [1, C, H, W] was expected"));
        Assert.That(() => new InputXGradient().Explain(f, x, 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("class 3 is not one of the classifier's 3"));
        Assert.That(() => new GradCam("fc").Explain(f, x, 0), Throws.TypeOf<ShapeException>().With.Message.EqualTo("grad-cam: layer 'fc' gives [1, 3]; one that gives [N, K, h, w] was expected"));
        Assert.That(() => new GradCam("rellu").Explain(f, x, 0), Throws.TypeOf<UnknownLayerException>().With.Message.EqualTo("unknown layer 'rellu': did you mean 'relu'?"));
        Assert.That(() => new IntegratedGradients(new Baseline.Mean(), 1, PathRule.Trapezoid).Explain(f, x, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 2"));
    }

    float[] Channels(Golden g, IAttribution method) => [.. Explain(g, method).Channels.SelectMany(c => c.Values)];

    Attribution Explain(Golden g, IAttribution method)
    {
        using var f = Network();
        using var x = Image(g);
        return method.Explain(f, x, g.Target);
    }

    TinyClassifier Network() => new TinyClassifier(_device, C, H, W, s_file.Sizes[3], s_file.Sizes[4]).With(s_file.State);

    Tensor Image(Golden g) => _device.Tensor([1, C, H, W], Array.ConvertAll(g.Image, v => (float)v));

    public void Dispose() => _device.Dispose();
}

public class PathRuleTests
{
    [TestCase(PathRule.GaussLegendre, 1, 1), TestCase(PathRule.GaussLegendre, 5, 9), TestCase(PathRule.GaussLegendre, 50, 99), TestCase(PathRule.GaussLegendre, 320, 639)]
    [TestCase(PathRule.Midpoint, 7, 1), TestCase(PathRule.Trapezoid, 2, 1), TestCase(PathRule.Trapezoid, 9, 1)]
    public void A_rule_integrates_polynomials_up_to_its_degree(PathRule rule, int n, int degree)
    {
        var (alphas, weights) = rule.Nodes(n);
        Assert.That(alphas, Is.Ordered.And.All.InRange(0, 1));
        for (int power = 0; power <= degree; power++)
            Assert.That(alphas.Zip(weights, (a, w) => w * Math.Pow(a, power)).Sum(), Is.EqualTo(1.0 / (power + 1)).Within(1e-13), $"α^{power}");
    }

    [Test]
    public void Nodes_are_those_of_the_tables()
    {
        // Abramowitz and Stegun, table 25.4, n = 3: 0, ±√(3/5); 8/9, 5/9.
        var (alphas, weights) = PathRule.GaussLegendre.Nodes(3);
        Assert.That(alphas, Is.EqualTo(new[] { (1 - Math.Sqrt(0.6)) / 2, 0.5, (1 + Math.Sqrt(0.6)) / 2 }).Within(1e-15));
        Assert.That(weights, Is.EqualTo(new[] { 5 / 18.0, 8 / 18.0, 5 / 18.0 }).Within(3e-15));
    }
}
