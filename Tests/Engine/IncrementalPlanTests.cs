using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Features of local variants equal those of whole passes.</summary>
sealed class IncrementalPlanTests
{
    CpuDevice _device = null!;

    [OneTimeSetUp] public void Open() => _device = new CpuDevice();
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    [Test]
    public void Random_rectangles_on_random_networks_have_the_bits_of_whole_passes([Range(0, 79)] int seed)
    {
        using var model = new RandomNetwork(_device, seed);
        var (incremental, whole) = Both(model, seed, new() { Fastest = ConvAlgorithm.Direct }, denseFrom: seed % 3 == 0 ? 0.5 : 2);
        Assert.That(incremental, Is.EqualTo(whole));
    }

    [Test]
    public void With_filtering_they_agree_to_rounding([Range(80, 119)] int seed)
    {
        using var model = new RandomNetwork(_device, seed);
        var (incremental, whole) = Both(model, seed, new(), IncrementalPlan.DenseFrom);
        double largest = whole.Max(Math.Abs);
        for (int i = 0; i < whole.Length; i++) Assert.That(incremental[i], Is.EqualTo(whole[i]).Within(1e-5 * largest), $"at {i}");
    }

    [TestCase("resnet18", 96, 11)]
    [TestCase("densenet121", 96, 9)]
    [TestCase("squeezenet1_1", 95, 13)]
    [TestCase("resnext50_32x4d", 64, 8)]
    [TestCase("vgg11_bn", 96, 12)]
    [TestCase("resnet20", 32, 5)]
    [TestCase("mnist-cnn", 28, 4)]
    public void Every_family_has_the_bits_of_whole_passes(string name, int size, int window)
    {
        using var model = DrawnNetworks.Create(_device, name);
        using var plan = Plan.Of(model, size, size, new() { Fastest = ConvAlgorithm.Direct })!;
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, model.InputShape[0], size, size]);
        var variants = new Squares(x, [.. Enumerable.Range(0, 6).Select(i => new Rectangle(i * (size - window / 2) / 5, (5 - i) * (size - window / 2) / 5, window, window))], new Random(3));
        using var image = plan.Around(x);
        var around = image.Of(variants, denseFrom: 0.9);
        Assert.That(around.Features(0, 6).ToArray(), Is.EqualTo(plan.Features(variants.Whole(_device)).ToArray()));
        Assert.That(around.ShareOfFlops, Is.LessThan(1));
    }

    [Test]
    public void Groups_hold_every_variant_once_and_compute_less_for_the_same_bits()
    {
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var plan = Plan.Of(model, 32, 32, new() { Fastest = ConvAlgorithm.Direct })!;
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        var variants = new Squares(x, [.. Enumerable.Range(0, 49).Select(i => new Rectangle(i / 7 * 4, i % 7 * 4, 4 + i % 3, 4))], new Random(5));
        using var image = plan.Around(x);
        var together = image.Of(variants);
        float[] features = together.Features(0, 49).ToArray();
        int length = features.Length / 49;
        var groups = image.Groups(variants, least: 3);
        Assert.That(groups.SelectMany(g => g.Members), Is.EquivalentTo(Enumerable.Range(0, 49)));
        Assert.That(groups, Has.Count.GreaterThan(4));
        Assert.That(groups.Sum(g => g.Members.Count * g.ShareOfFlops), Is.LessThan(0.9 * 49 * together.ShareOfFlops));
        foreach (var group in groups)
        {
            float[] own = group.Features(0, group.Members.Count).ToArray();
            for (int i = 0; i < group.Members.Count; i++)
                Assert.That(own.AsSpan(i * length, length).SequenceEqual(features.AsSpan(group.Members[i] * length, length)), $"variant {group.Members[i]}");
        }
    }

    [Test]
    public void No_more_is_computed_than_what_meets_a_change([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        int side = random.Next(6, 20), taps = random.Next(1, 5), stride = random.Next(1, taps + 1), pad = random.Next(taps), outSide = (side + 2 * pad - taps) / stride + 1;
        using var model = new OneLayer(_device, side, taps, stride, pad);
        using var plan = Plan.Of(model, side, side)!;
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, side, side]);
        // Windows need not end at the border: the last places may be read by none.
        int read = Math.Min(side, (outSide - 1) * stride - pad + taps), y = random.Next(read), left = random.Next(read);
        var change = new Rectangle(y, left, random.Next(1, side - y + 1), random.Next(1, side - left + 1));
        using var image = plan.Around(x);
        double share = image.Of(new Squares(x, [change], random), denseFrom: 2).ShareOfFlops;
        Assert.That(share, Is.EqualTo(Meet(change.Y, change.H) * Meet(change.X, change.W) / ((double)outSide * outSide)).Within(1e-12));

        int Meet(int from, int length) => Enumerable.Range(0, outSide).Count(p => Enumerable.Range(p * stride - pad, taps).Any(q => q >= from && q < from + length));
    }

    sealed class OneLayer : ImageClassifier
    {
        readonly Module _layer, _head;

        public OneLayer(Device device, int side, int taps, int stride, int pad) : base([3, side, side], 2)
        {
            var init = new Initializer(device, 1);
            _layer = Add("layer", new Conv2d(init, 3, 5, taps, stride, pad));
            _head = Add("head", new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(init, 5, 2)));
        }

        protected override Tensor RunFeatures(Tensor x, Pass pass) => _layer.Forward(x, pass);

        protected override Tensor RunHead(Tensor features, Pass pass) => _head.Forward(features, pass);
    }

    [Test]
    public void A_bounded_reach_computes_less_and_nears_the_exact_result_as_it_grows()
    {
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var plan = Plan.Of(model, 32, 32)!;
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
        var variants = new Squares(x, [new(0, 0, 4, 4), new(14, 13, 4, 4), new(28, 28, 4, 4)], new Random(1));
        using var image = plan.Around(x);
        var exact = image.Of(variants);
        float[] whole = exact.Features(0, 3).ToArray(), clean = image.Features().ToArray();
        (double share, double[] error) = (0, [.. Enumerable.Range(0, 3).Select(i => Distance(clean, whole, i))]);
        foreach (double reach in new[] { 0.25, 0.5, 0.75 })
        {
            var bounded = image.Of(variants, reach: reach);
            float[] part = bounded.Features(0, 3).ToArray();
            Assert.That(bounded.ShareOfFlops, Is.GreaterThan(share).And.LessThan(exact.ShareOfFlops), $"reach {reach}");
            for (int i = 0; i < 3; i++)
                Assert.That(Distance(part, whole, i), Is.LessThan(error[i]), $"variant {i}, reach {reach}");
            (share, error) = (bounded.ShareOfFlops, [.. Enumerable.Range(0, 3).Select(i => Distance(part, whole, i))]);
        }
        Assert.That(image.Of(variants, denseFrom: 2, reach: 0.9999).Features(0, 3).ToArray(), Is.EqualTo(image.Of(variants, denseFrom: 2).Features(0, 3).ToArray()), "nothing to cut");
        Assert.That(() => image.Of(variants, reach: 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("a reach of 0 is no share of a map"));

        // Of one variant, whose features start with those of the clean image.
        double Distance(float[] a, float[] b, int variant) =>
            Math.Sqrt(Enumerable.Range(variant * clean.Length, clean.Length).Sum(i => Math.Pow((double)a[a.Length == clean.Length ? i - variant * clean.Length : i] - b[i], 2)));
    }

    [Test]
    public void What_changes_nothing_gives_the_bits_of_the_image()
    {
        using var model = DrawnNetworks.Create(_device, "resnet18");
        using var plan = Plan.Of(model, 224, 224)!;                     // ends in 7×7, where passes of many images compute in another way
        using var scope = _device.Scope();
        var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 224, 224]);
        var same = new Squares(x, [new(3, 5, 40, 30), new(150, 100, 40, 30)], x.ToArray());
        using var image = plan.Around(x);
        float[] clean = image.Features().ToArray(), features = image.Of(same, denseFrom: 0).Features(0, 2).ToArray();
        Assert.That(features, Is.EqualTo((float[])[.. clean, .. clean]));
        float[] once = plan.Features(x).ToArray();
        double largest = once.Max(Math.Abs);
        Assert.That(clean, Is.EqualTo(once).Within(2e-5 * largest).And.Not.EqualTo(once));
    }

    [Test]
    public void An_unchanged_step_is_not_computed_again_and_all_memory_comes_back()
    {
        using var model = DrawnNetworks.Create(_device, "resnet20");
        using var plan = Plan.Of(model, 32, 32)!;
        long before;
        using (_device.Scope())
        {
            var x = DrawnNetworks.Drawn(_device, "x", [1, 3, 32, 32]);
            var variants = new Squares(x, [new(3, 4, 2, 2)], new Random(1));
            plan.Around(x).Dispose();                                    // packs weights once
            before = _device.LiveBytes;
            using (var image = plan.Around(x))
            {
                var around = image.Of(variants);
                around.Features(0, 1).Dispose();
                Assert.That(around.ShareOfFlops, Is.InRange(0.05, 0.7));
            }
            Assert.That(_device.LiveBytes, Is.EqualTo(before));
        }
    }

    (float[] Incremental, float[] Whole) Both(RandomNetwork model, int seed, PlanOptions options, double denseFrom)
    {
        var random = new Random(seed + 99);
        int side = model.InputShape[1];
        using var plan = Plan.Of(model, side, side, options)!;
        using var scope = _device.Scope();
        int images = random.Next(1, 4);
        var x = _device.Tensor([images, .. model.InputShape], Draw.Floats(Draw.Uniform(random, images * model.InputShape.Elements)));
        // Rectangles of different sizes, also cut by the border.
        var rectangles = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
        {
            int y = random.Next(side), left = random.Next(side);
            return new Rectangle(y, left, Math.Min(side - y, random.Next(1, side / 2)), Math.Min(side - left, random.Next(1, side / 2)));
        });
        var variants = new Squares(x, [.. rectangles], random);
        using var image = plan.Around(x);
        var around = image.Of(variants, denseFrom: denseFrom);
        // The first part may end within the variants of an image.
        int some = random.Next(around.Count + 1);
        Assert.That(around.Count, Is.EqualTo(images * variants.Count));
        return ([.. around.Features(0, some).ToArray(), .. around.Features(some, around.Count - some).ToArray()], plan.Features(variants.Whole(_device)).ToArray());
    }

    /// <summary>Rectangles of random values.</summary>
    sealed class Squares : ILocalVariants
    {
        readonly Shape _shape;
        readonly float[] _x, _other;
        readonly Rectangle[] _rectangles;

        public Squares(Tensor x, Rectangle[] rectangles, Random random) : this(x, rectangles, Draw.Floats(Draw.Uniform(random, x.Shape.Elements))) { }

        public Squares(Tensor x, Rectangle[] rectangles, float[] other) => (_shape, _x, _other, _rectangles) = (x.Shape, x.ToArray(), other, rectangles);

        public int Count => _rectangles.Length;

        public Rectangle Changed(int i) => _rectangles[i];

        public void Paint(int image, int i, Pixel at, int h, int w, Span<float> to)
        {
            int height = _shape[2], width = _shape[3];
            var painted = _rectangles[i];
            for (int c = 0, p = 0; c < _shape[1]; c++)
                for (int y = at.Y; y < at.Y + h; y++)
                    for (int x = at.X; x < at.X + w; x++, p++)
                    {
                        bool inside = y >= 0 && y < height && x >= 0 && x < width, other = y >= painted.Y && y < painted.Y + painted.H && x >= painted.X && x < painted.X + painted.W;
                        int from = ((image * _shape[1] + c) * height + y) * width + x;
                        to[p] = !inside ? 0 : other ? _other[from] : _x[from];
                    }
        }

        /// <summary>All of the first image, of the second, ….</summary>
        public Tensor Whole(Device device)
        {
            int size = _shape[1..].Elements;
            var all = device.Empty(_shape.With(0, _shape[0] * Count));
            for (int i = 0; i < _shape[0] * Count; i++)
            {
                int image = i / Count, variant = i % Count;
                device.Write(all.View.SubView((long)i * size, size), to => Paint(image, variant, new(0, 0), _shape[2], _shape[3], to));
            }
            return all;
        }
    }
}
