using System.Text.Json;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
public sealed class OcclusionTests(string deviceName) : IDisposable
{
    readonly Device _device = TestDevices.Open(deviceName);

    public sealed record Golden(int[] Window, int[] Stride, string Baseline, int Target, double[] Image, double[] Logit, double[] Probability)
    {
        public override string ToString() => $"window {Window[0]}×{Window[1]}, stride {Stride[0]}×{Stride[1]}, baseline {Baseline}";
    }

    sealed record GoldenFile(int[] Sizes, Dictionary<string, float[]> State, Golden[] Cases);

    static readonly JsonSerializerOptions s_web = new(JsonSerializerDefaults.Web);
    static readonly GoldenFile s_file = JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(Path.Combine(SharedFiles.Root, "Tests", "Xai", "Goldens", "occlusion.json")), s_web)!;

    public static Golden[] Cases => s_file.Cases;

    [TestCaseSource(nameof(Cases))]
    public void Maps_are_those_of_Captum(Golden g)
    {
        int[] s = s_file.Sizes;
        using var f = new TinyClassifier(_device, s[0], s[1], s[2], s[3], s[4]).With(s_file.State);
        using var x = _device.Tensor([1, s[0], s[1], s[2]], Array.ConvertAll(g.Image, v => (float)v));
        var maps = new Occlusion(g.Window[0], g.Window[1], g.Stride[0], g.Stride[1], Baseline.Parse(g.Baseline)).ExplainBoth(f, x, g.Target);
        Close.Check(g.Logit, maps.Logit.Values, 0, 5e-7, "logit");              // scores of about 1, weights rounded to float32
        Close.Check(g.Probability, maps.Probability.Values, 0, 2e-7, "probability");
    }

    [Test]
    public void On_a_linear_function_the_drop_is_the_weighted_difference_under_the_window()
    {
        const int c = 2, h = 3, w = 5, window = 2;
        float[] weights = [.. Enumerable.Range(0, c * h * w).Select(i => 0.25f * (i % 7 - 3))], image = [.. Enumerable.Range(0, c * h * w).Select(i => 0.5f * (i % 4))];
        using var f = new LinearClassifier(_device, [c, h, w], weights);
        using var x = _device.Tensor([1, c, h, w], image);
        var maps = new Occlusion(window, window, 1, 1, new Baseline.Constant(0.125f)).ExplainBoth(f, x, 0);

        double[] sum = new double[h * w], count = new double[h * w], probability = new double[h * w];
        double clean = weights.Zip(image, (a, b) => (double)a * b).Sum();
        for (int top = 0; top + window <= h; top++)
            for (int left = 0; left + window <= w; left++)
            {
                double drop = 0;
                foreach (int p in Covered(top, left)) for (int k = 0; k < c; k++) drop += weights[k * h * w + p] * (image[k * h * w + p] - 0.125);
                foreach (int p in Covered(top, left))
                {
                    sum[p] += drop;
                    probability[p] += Sigmoid(clean) - Sigmoid(clean - drop);
                    count[p]++;
                }
            }
        Close.Check([.. sum.Zip(count, (a, n) => a / n)], maps.Logit.Values, 0, 1e-6, "logit");
        Close.Check([.. probability.Zip(count, (a, n) => a / n)], maps.Probability.Values, 0, 1e-6, "probability");

        static IEnumerable<int> Covered(int top, int left) => Enumerable.Range(0, window * window).Select(i => (top + i / window) * w + left + i % window);
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));               // softmax against a second logit of 0
    }

    [Test]
    public void Maps_are_the_same_bits_for_any_memory_budget()
    {
        using var f = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var x = Image(2, 9, 11);
        var method = new Occlusion(3, 4, 1, 2, new Baseline.Mean());
        var (one, all) = (new Occluder(method, f, _device, 1), new Occluder(method, f, _device));
        var expected = all.Explain(x, 1);
        one.Explain(x, 1);
        var some = new Occluder(method, f, _device, (PeakOf(one, x) + PeakOf(all, x)) / 2);
        Assert.That(expected.Logit.Values.Distinct().Count(), Is.GreaterThan(20), "a map with something in it");
        foreach (var occluder in new[] { one, some })
        {
            var maps = occluder.Explain(x, 1);
            Assert.That(maps.Logit.Values, Is.EqualTo(expected.Logit.Values));
            Assert.That(maps.Probability.Values, Is.EqualTo(expected.Probability.Values));
        }
        Assert.That(one.BatchSize, Is.EqualTo(1));
        Assert.That(some.BatchSize, Is.GreaterThan(1).And.LessThan(all.BatchSize));
        Assert.That(all.BatchSize, Is.EqualTo(7 * 5), "rows × columns of positions");
    }

    [Test]
    public void The_batch_found_keeps_within_the_budget()
    {
        const long budget = 60_000;
        using var f = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var x = Image(2, 9, 11);
        var occluder = new Occluder(new Occlusion(2, 2, 1, 1, new Baseline.Constant(0)), f, _device, budget);
        occluder.Explain(x, 0);
        Assert.That(occluder.BatchSize, Is.GreaterThan(5));
        _device.ResetPeak();
        long before = _device.LiveBytes;
        occluder.Explain(x, 0);
        Assert.That(_device.PeakBytes - before, Is.LessThan(budget * 1.3), "sizes are rounded up by the pool, at most an eighth each");
        Assert.That(_device.LiveBytes, Is.EqualTo(before), "everything is given back");
    }

    [Test]
    public void A_batch_the_device_has_no_memory_for_is_halved()
    {
        using var large = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var small = new TinyClassifier(_device, 2, 9, 11, 3, 4, mostImages: 5);
        using var x = Image(2, 9, 11);
        var method = new Occlusion(3, 3, 1, 1, new Baseline.Blur(1.5));
        var occluder = new Occluder(method, small, _device);
        Assert.That(occluder.Explain(x, 2).Logit.Values, Is.EqualTo(method.ExplainBoth(large, x, 2).Logit.Values));
        Assert.That(occluder.BatchSize, Is.InRange(1, 5));
    }

    [Test]
    public void Several_images_together_have_the_bits_of_each_alone_and_are_told_once()
    {
        using var large = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var small = new TinyClassifier(_device, 2, 9, 11, 3, 4, mostImages: 40);
        using var x = _device.Tensor([5, 2, 9, 11], Draw.Floats(Draw.Uniform(new Random(9), 5 * 198)));
        int[] targets = [2, 0, 3, 3, 1];
        foreach (IAttribution method in (IAttribution[])[new Occlusion(3, 4, 1, 2, new Baseline.Mean()), new Saliency(), new InputXGradient(ClassScore.Probability), new GradCam("relu")])
            foreach (var f in (ImageClassifier[])[large, small])
            {
                var maps = new List<float[]>();
                method.ExplainAll(f, x, targets, (i, found) =>
                {
                    Assert.That(i, Is.EqualTo(maps.Count));
                    maps.Add(found.Map.Values);
                });
                Assert.That(maps, Has.Count.EqualTo(5));
                for (int i = 0; i < 5; i++) Assert.That(maps[i], Is.EqualTo(method.Explain(large, x.Slice(0, i, 1), targets[i]).Map.Values), $"{method}, image {i}");
            }
        new Occlusion(3, 3, 1, 1, new Baseline.Constant(0)).ExplainAll(large, _device.Zeros([0, 2, 9, 11]), [], (_, _) => Assert.Fail("there is none"));
    }

    [Test]
    public void Memory_that_is_short_for_what_is_done_with_an_explanation_makes_batches_smaller()
    {
        using var f = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var x = _device.Tensor([9, 2, 9, 11], Draw.Floats(Draw.Uniform(new Random(10), 9 * 198)));
        var (told, failures) = (new List<int>(), 0);
        new Saliency().ExplainAll(f, x, [0, 1, 2, 3, 0, 1, 2, 3, 0], (i, _) =>
        {
            if (i == 6 && failures++ < 2) throw new OutOfDeviceMemoryException(1, 0);
            told.Add(i);
        });
        Assert.That((told, failures), Is.EqualTo((Enumerable.Range(0, 9), 3)));
    }

    [Test]
    public void Covering_what_equals_the_baseline_changes_nothing()
    {
        using var f = new TinyClassifier(_device, 1, 8, 10, 3, 4);
        var pixels = new float[80];
        pixels[0] = 0.75f;                                                       // one bright corner
        using var x = _device.Tensor([1, 1, 8, 10], pixels);
        var map = new Occlusion(3, 3, 1, 1, new Baseline.Constant(0)).ExplainBoth(f, x, 0).Logit;
        Assert.That(map[0, 0], Is.Not.Zero);
        for (int h = 3; h < 8; h++) for (int w = 3; w < 10; w++) Assert.That(map[h, w], Is.Zero, $"[{h}, {w}]");
    }

    [Test]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        using var f = new TinyClassifier(_device, 2, 9, 11, 3, 4);
        using var x = Image(2, 9, 11);
        Occlusion Method(int window, int stride, string baseline = "0") => new(window, window, stride, stride, Baseline.Parse(baseline));
        Assert.That(() => Method(10, 1).ExplainBoth(f, x, 0), Throws.TypeOf<ShapeException>().With.Message.EqualTo("occlusion: window 10×10 must be between 1×1 and the image 9×11"));
        Assert.That(() => Method(3, 4).ExplainBoth(f, x, 0), Throws.TypeOf<ShapeException>().With.Message.Contains("stride (4, 4)"));
        Assert.That(() => Method(3, 1).ExplainBoth(f, x, 4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("class 4 is not one of the classifier's 4"));
        Assert.That(() => Method(3, 1, "1,2,3").ExplainBoth(f, x, 0), Throws.ArgumentException.With.Message.EqualTo("baseline: 3 values for an image of 2 channels"));
        using var two = _device.Zeros([2, 2, 9, 11]);
        Assert.That(() => Method(3, 1).ExplainBoth(f, two, 0), Throws.TypeOf<ShapeException>().With.Message.Contains("one image [1, C, H, W]"));
    }

    long PeakOf(Occluder occluder, Tensor x)
    {
        _device.ResetPeak();
        long before = _device.LiveBytes;
        occluder.Explain(x, 1);
        return _device.PeakBytes - before;
    }

    Tensor Image(int c, int h, int w)
    {
        var random = new Random(3);
        return _device.Tensor([1, c, h, w], [.. Enumerable.Range(0, c * h * w).Select(_ => random.NextSingle())]);
    }

    public void Dispose() => _device.Dispose();
}
