using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Methods that ask for the scores of variants agree with their definitions, computed variant by variant in double.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class PerturbationTests(string deviceName) : IDisposable
{
    const int C = 2, H = 9, W = 11, Target = 2;
    static readonly Baseline s_baseline = new Baseline.PerChannel(0.25f, -0.5f);

    readonly Device _device = TestDevices.Open(deviceName);

    TinyClassifier Network() => new(_device, C, H, W, features: 5, classes: 4);

    Tensor Image(int seed = 3) => _device.Tensor([1, C, H, W], Draw.Floats(Draw.Uniform(new Random(seed), C * H * W)));

    /// <summary>The score of the image with what the mask hides replaced.</summary>
    double ScoreOf(ImageClassifier f, Tensor x, Func<int, double> mask, ClassScore score, Baseline baseline)
    {
        float[] image = x.ToArray(), covering = baseline.For(image, C, H, W);
        float[] seen = [.. image.Select((v, i) => (float)(mask(i % (H * W)) * v + (1 - mask(i % (H * W))) * covering[i]))];
        using var scope = _device.Scope();
        return Scores.Of(f.Forward(_device.Tensor([1, C, H, W], seen)).ToArray(), Target)[score];
    }

    [TestCase(ClassScore.Logit), TestCase(ClassScore.Probability)]
    public void Feature_ablation_is_the_drop_of_each_segment(ClassScore score)
    {
        using var f = Network();
        using var x = Image();
        var segments = new Segments.Slic(7, 2);
        var found = new FeatureAblation(segments, s_baseline, score).Explain(f, x, Target);
        int[] labels = segments.For(x.ToArray(), C, H, W);
        double clean = ScoreOf(f, x, _ => 1, score, s_baseline);
        double[] drops = [.. Enumerable.Range(0, labels.Max() + 1).Select(k => clean - ScoreOf(f, x, p => labels[p] == k ? 0 : 1, score, s_baseline))];
        Close.Check([.. labels.Select(k => drops[k])], found.Map.Values, 0, 1e-6, "map");
        Assert.That(found.Passes, Is.EqualTo(drops.Length + 1).And.GreaterThan(4));
    }

    [Test]
    public void Feature_ablation_of_a_grid_is_occlusion_without_overlap()
    {
        using var f = new TinyClassifier(_device, 1, 9, 6, 3, 4);
        using var x = _device.Tensor([1, 1, 9, 6], Draw.Floats(Draw.Uniform(new Random(4), 54)));
        var occlusion = new Occlusion(3, 2, 3, 2, new Baseline.Mean()).Explain(f, x, 1).Map;
        var ablation = new FeatureAblation(new Segments.Grid(3), new Baseline.Mean()).Explain(f, x, 1).Map;
        Close.Check(Array.ConvertAll(occlusion.Values, v => (double)v), ablation.Values, 0, 1e-6, "map");
    }

    [Test]
    public void Lime_finds_the_parts_of_a_linear_function()
    {
        float[] weights = Draw.Floats(Draw.Uniform(new Random(6), C * H * W));
        using var f = new LinearClassifier(_device, [C, H, W], weights);
        using var x = Image();
        var found = new Lime(new Segments.Grid(3), s_baseline, 60, Ridge: 1e-9).Explain(f, x, 0);
        float[] image = x.ToArray(), covering = s_baseline.For(image, C, H, W);
        int[] labels = new Segments.Grid(3).For(image, C, H, W);
        double[] parts = new double[9];
        for (int i = 0; i < image.Length; i++) parts[labels[i % (H * W)]] += weights[i] * (image[i] - (double)covering[i]);
        Close.Check([.. labels.Select(k => parts[k])], found.Map.Values, 0, 1e-5, "map");
        Assert.That(found.Residual, Is.LessThan(1e-5));
        Assert.That(found.Passes, Is.EqualTo(60));
    }

    [Test]
    public void Lime_minimises_the_weighted_penalised_squares()
    {
        const int samples = 40;
        const double width = 0.3, ridge = 0.5;
        using var f = Network();
        using var x = Image();
        var segments = new Segments.Grid(4);
        var found = new Lime(segments, s_baseline, samples, width, ridge, Seed: 11, ClassScore.Probability).Explain(f, x, Target);
        int[] labels = segments.For(x.ToArray(), C, H, W);
        double[] beta = [.. Enumerable.Range(0, 16).Select(k => (double)found.Map.Values[Array.IndexOf(labels, k)])];
        // The image, then coins: the number of a sample is the stream of its random numbers.
        bool[][] kept = [[.. Enumerable.Repeat(true, 16)], .. Enumerable.Range(0, samples - 1).Select(i => { var coins = new SeededRandom(11, (ulong)i); return Enumerable.Range(0, 16).Select(_ => coins.NextDouble() < 0.5).ToArray(); })];
        double[] y = [.. kept.Select(z => ScoreOf(f, x, p => z[labels[p]] ? 1 : 0, ClassScore.Probability, s_baseline))];
        double[] w = [.. kept.Select(z => Math.Sqrt(Math.Exp(-Math.Pow(1 - Math.Sqrt(z.Count(k => k) / 16.0), 2) / (width * width))))];
        double Product(int i) => kept[i].Zip(beta, (z, b) => z ? b : 0).Sum();
        double constant = Enumerable.Range(0, samples).Sum(i => w[i] * (y[i] - Product(i))) / w.Sum();
        // At the minimum the gradient is 0: Σ w (y − b − β·z) z_k = ridge·β_k.
        for (int k = 0; k < 16; k++)
            Assert.That(Enumerable.Range(0, samples).Where(i => kept[i][k]).Sum(i => w[i] * (y[i] - constant - Product(i))), Is.EqualTo(ridge * beta[k]).Within(1e-6), $"segment {k}");
        double error = Math.Sqrt(Enumerable.Range(0, samples).Sum(i => w[i] * Math.Pow(y[i] - constant - Product(i), 2)) / w.Sum());
        Assert.That(found.Residual, Is.EqualTo(error).Within(1e-6).And.GreaterThan(1e-4));
    }

    [TestCase(false), TestCase(true)]
    public void Rise_is_the_mean_of_masks_weighted_by_scores(bool centred)
    {
        const int masks = 70, cells = 4;
        const double open = 0.4;
        using var f = Network();
        using var x = Image();
        var found = new Rise(masks, cells, open, s_baseline, Seed: 5, centred).Explain(f, x, Target);
        double[] sum = new double[H * W], mean = new double[H * W];
        double total = 0;
        for (int i = 0; i < masks; i++)
        {
            var random = new SeededRandom(5, (ulong)i);
            double[] grid = [.. Enumerable.Range(0, cells * cells).Select(_ => random.NextDouble() < open ? 1.0 : 0)];
            const int cellH = 3, cellW = 3;                                      // ⌈9/4⌉, ⌈11/4⌉
            int down = random.Below(cellH), right = random.Below(cellW);
            double Mask(int p) => Enlarged(grid, p / W + down, p % W + right, (cells + 1) * cellH, (cells + 1) * cellW);
            double score = ScoreOf(f, x, Mask, ClassScore.Logit, s_baseline);
            total += score;
            for (int p = 0; p < sum.Length; p++)
            {
                sum[p] += score * Mask(p) / (masks * open);
                mean[p] += Mask(p) / (masks * open);
            }
        }
        if (centred) sum = [.. sum.Zip(mean, (s, m) => s - total / masks * m)];
        Close.Check(sum, found.Map.Values, 0, 2e-6, "map");
        Assert.That(found.Map.Values.Distinct().Count(), Is.GreaterThan(50));

        static double Enlarged(double[] grid, int y, int x, int height, int width)
        {
            double v = Math.Clamp((y + 0.5) * cells / height - 0.5, 0, cells - 1), u = Math.Clamp((x + 0.5) * cells / width - 0.5, 0, cells - 1), value = 0;
            for (int r = 0; r < cells; r++)
                for (int c = 0; c < cells; c++) value += grid[r * cells + c] * Math.Max(0, 1 - Math.Abs(v - r)) * Math.Max(0, 1 - Math.Abs(u - c));
            return value;
        }
    }

    [Test]
    public void Rise_with_all_cells_open_is_the_score_everywhere()
    {
        using var f = Network();
        using var x = Image();
        double clean = ScoreOf(f, x, _ => 1, ClassScore.Logit, s_baseline);
        Close.Check([.. Enumerable.Repeat(clean, H * W)], new Rise(5, 3, Open: 1).Explain(f, x, Target).Map.Values, 0, 2e-6, "map");
    }

    [TestCase(false, ClassScore.Logit), TestCase(true, ClassScore.Probability)]
    public void Score_cam_weights_maps_by_what_they_show(bool signed, ClassScore score)
    {
        using var f = Network();
        using var x = Image();
        using var scope = _device.Scope();
        var features = f.Features(x);
        var (maps, h, w) = (features.Shape[1], features.Shape[2], features.Shape[3]);
        double[] a = Array.ConvertAll(features.ToArray(), v => (double)v);
        double nothing = ScoreOf(f, x, _ => 0, score, s_baseline);
        double[] gains = [.. Enumerable.Range(0, maps).Select(k =>
        {
            double[] large = [.. Enumerable.Range(0, H * W).Select(p => Bilinear(a.AsSpan(k * h * w, h * w), h, w, p / W, p % W))];
            return ScoreOf(f, x, p => (large[p] - large.Min()) / (large.Max() - large.Min()), score, s_baseline) - nothing;
        })];
        double total = gains.Sum(Math.Exp);
        double[] map = [.. Enumerable.Range(0, h * w).Select(p => Enumerable.Range(0, maps).Sum(k => Math.Exp(gains[k]) / total * a[k * h * w + p]))];
        if (!signed) map = [.. map.Select(v => Math.Max(v, 0))];
        var found = new ScoreCam(null, signed, s_baseline, score).Explain(f, x, Target);
        Close.Check(map, found.Map.Values, 0, 2e-6, "map");
        Assert.That(found.Passes, Is.EqualTo(maps + 2));
        Assert.That(new ScoreCam("relu", signed, s_baseline, score).Explain(f, x, Target).Map.Values, Is.EqualTo(found.Map.Values), "the layer by its name");

        static double Bilinear(ReadOnlySpan<double> map, int h, int w, int y, int x)
        {
            double v = Math.Clamp((y + 0.5) * h / H - 0.5, 0, h - 1), u = Math.Clamp((x + 0.5) * w / W - 0.5, 0, w - 1), value = 0;
            for (int r = 0; r < h; r++)
                for (int c = 0; c < w; c++) value += map[r * w + c] * Math.Max(0, 1 - Math.Abs(v - r)) * Math.Max(0, 1 - Math.Abs(u - c));
            return value;
        }
    }

    [Test]
    public void Score_cam_leaves_even_maps_out()
    {
        using var f = Network();
        foreach (var (name, tensor) in f.State())
            if (name == "conv.bias") _device.Upload<float>([0, -1e6f, 0, 0, -1e6f], tensor.View);        // ReLU: zeros everywhere
        using var x = Image();
        var found = new ScoreCam().Explain(f, x, Target);
        Assert.That(found.Map.Values, Has.None.NaN.And.Some.Not.Zero);
        Assert.That(found.Passes, Is.EqualTo(3 + 2));
    }

    [TestCase(null), TestCase("relu"), TestCase("conv")]
    public void Ablation_cam_weights_maps_by_what_their_loss_costs(string? layer)
    {
        using var f = Network();
        using var x = Image();
        using var scope = _device.Scope();
        var conv = new Activations(f, "conv");
        f.Forward(x, Pass.Watching(conv));
        var a = layer == "conv" ? conv["conv"].Detach() : f.Features(x);
        float[] values = a.ToArray();
        int plane = a.Shape[2] * a.Shape[3];
        double Score(float[] activations) =>
            Scores.Of(f.Head(layer == "conv" ? _device.Tensor(a.Shape, activations).Relu() : _device.Tensor(a.Shape, activations)).ToArray(), Target).Logit;
        double[] map = new double[plane];
        for (int k = 0; k < a.Shape[1]; k++)
        {
            float[] without = [.. values];
            without.AsSpan(k * plane, plane).Clear();
            double drop = Score(values) - Score(without);
            for (int p = 0; p < plane; p++) map[p] += drop * values[k * plane + p];
        }
        Close.Check([.. map.Select(v => Math.Max(v, 0))], new AblationCam(layer).Explain(f, x, Target).Map.Values, 0, 2e-6, "map");
        Close.Check(map, new AblationCam(layer, Signed: true).Explain(f, x, Target).Map.Values, 0, 2e-6, "signed map");
    }

    [Test]
    public void Curves_take_pixels_in_the_order_of_the_map()
    {
        using var f = Network();
        using var x = Image();
        var map = new Map(H, W, [.. Enumerable.Range(0, H * W).Select(p => (float)(p * 37 % (H * W)))]);
        var (deletion, insertion) = new PixelCurves(7, s_baseline, new Baseline.Blur(2)).Of(f, x, Target, map);
        int[] order = [.. Enumerable.Range(0, H * W).OrderByDescending(p => map.Values[p])];
        for (int i = 0; i <= 7; i++)
        {
            var taken = order.Take(H * W * i / 7).ToHashSet();
            Assert.That(deletion.Scores[i], Is.EqualTo(ScoreOf(f, x, p => taken.Contains(p) ? 0 : 1, ClassScore.Probability, s_baseline)).Within(1e-6), $"deletion {i}");
            Assert.That(insertion.Scores[i], Is.EqualTo(ScoreOf(f, x, p => taken.Contains(p) ? 1 : 0, ClassScore.Probability, new Baseline.Blur(2))).Within(1e-6), $"insertion {i}");
        }
        Assert.That(deletion.Area, Is.EqualTo(Enumerable.Range(0, 7).Average(i => (deletion.Scores[i] + deletion.Scores[i + 1]) / 2)).Within(1e-12));
    }

    [Test]
    public void A_good_map_has_better_curves_than_its_opposite()
    {
        float[] weights = Draw.Floats(Draw.Uniform(new Random(8), C * H * W));
        using var f = new LinearClassifier(_device, [C, H, W], weights);
        using var x = Image();
        var good = new InputXGradient().Explain(f, x, 0).Map;
        var bad = new Map(H, W, Array.ConvertAll(good.Values, v => -v));
        var curves = new PixelCurves(20);
        Assert.That(curves.Of(f, x, 0, good).Deletion.Area, Is.LessThan(curves.Of(f, x, 0, bad).Deletion.Area - 0.2));
        Assert.That(curves.Of(f, x, 0, good).Insertion.Area, Is.GreaterThan(curves.Of(f, x, 0, bad).Insertion.Area + 0.1));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        using var f = Network();
        using var x = Image();
        void Refused(IAttribution method, string message) => Assert.That(() => method.Explain(f, x, Target), Throws.InstanceOf<Exception>().With.Message.EqualTo(message));
        Refused(new Lime(new Segments.Grid(2), s_baseline, 1), "lime: 1 samples; the image and one more are the least");
        Refused(new Rise(0), "rise: 0 masks");
        Refused(new Rise(3, 12), "rise: 12 cells along an image of 9×11");
        Refused(new Rise(3, 2, 0), "rise: cells are open with a probability of 0");
        Refused(new FeatureAblation(new Segments.Grid(10), s_baseline), "segments 'grid:10' do not fit images of 9×11");
        Refused(new AblationCam("fc"), "ablation-cam: layer 'fc' gives [1, 4]; one that gives [N, K, h, w] was expected");
        Refused(new ScoreCam("rleu"), "unknown layer 'rleu': did you mean 'relu'?");
        Assert.That(() => new PixelCurves(100).Of(f, x, Target, new(1, 1, [1])), Throws.ArgumentException.With.Message.EqualTo("pixel curves: 100 steps for 99 pixels"));
    }

    public void Dispose() => _device.Dispose();
}
