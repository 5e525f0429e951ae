using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Operations of plans, between blocked maps, against the definitions in double; every vector width.</summary>
[TestFixture(512, 2)]
[TestFixture(256, 3)]
[TestFixture(128, 1)]
sealed class BlockedTests(int vectorBits, int threads)
{
    CpuDevice _device = null!;

    [OneTimeSetUp] public void Open() => _device = new CpuDevice(threads, vectorBits);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    IBlockedKernels Blocked => _device.Blocked;

    [Test]
    public void A_direct_convolution_is_the_definition([Range(0, 39)] int seed)
    {
        var s = RandomShape(new(seed));
        CheckConv(s, ConvAlgorithm.Direct, seed, 4e-7);
    }

    [Test]
    public void Winograd_is_the_definition([Values(ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4)] ConvAlgorithm algorithm, [Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        var s = new Conv2dShape(random.Next(1, 4), random.Next(1, 50), random.Next(3, 20), random.Next(3, 33), random.Next(1, 70), 3, 3, padH: random.Next(3), padW: random.Next(3));
        CheckConv(s, algorithm, seed, algorithm == ConvAlgorithm.Winograd2 ? 6e-7 : 6e-6);
    }

    [TestCase(64, 8, 13, 11)]
    [TestCase(257, 31, 7, 7)]
    [TestCase(32, 160, 29, 30)]
    public void Winograd_shares_groups_of_tiles_in_every_way(int c, int k, int h, int w)
    {
        for (int n = 1; n <= 9; n += 4) CheckConv(new Conv2dShape(n, c, h, w, k, 3, 3, padH: 1, padW: 1), ConvAlgorithm.Winograd2, n, 6e-7);
    }

    [Test]
    public void What_goes_with_a_convolution_is_applied_in_order([Values] ConvAlgorithm algorithm, [Values(7, 32, 45)] int k)
    {
        var s = new Conv2dShape(2, 19, 9, 17, k, 3, 3, padH: 1, padW: 1);
        var random = new Random(5);
        double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize), bias = Draw.Uniform(random, s.K), residual = Draw.Uniform(random, s.YSize, -20, 20), gate = Draw.Uniform(random, s.YSize);
        using var blockedResidual = Map(residual, s.N, s.K, s.P, s.Q);
        using var signs = Signs(gate, s.N, s.K, s.P, s.Q);
        float[] y = Conv(x, w, bias, s, algorithm, new() { PadH = 1, PadW = 1, Relu = true, Residual = blockedResidual.View, Gate = signs.View });
        double[] expected = Conv2dDefinition.Forward(x, w, bias, s).Values;
        for (int i = 0; i < expected.Length; i++) expected[i] = gate[i] > 0 ? Math.Max(expected[i] + residual[i], 0) : 0;
        Close.Check(expected, y, 0, 1e-4, "y");
    }

    [Test]
    public void Input_is_scaled_and_rectified_within_the_image_only([Values(1, 3)] int kernel)
    {
        var s = new Conv2dShape(2, 21, 6, 5, 33, kernel, kernel, padH: kernel / 2, padW: kernel / 2);
        var random = new Random(6);
        double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize), scale = Draw.Uniform(random, s.C), shift = Draw.Uniform(random, s.C);
        using var scales = Channels(scale);
        using var shifts = Channels(shift);
        float[] y = Conv(x, w, [], s, ConvAlgorithm.Direct, new() { PadH = s.PadH, PadW = s.PadW, Scale = scales.View, Shift = shifts.View });
        double[] scaled = [.. x.Select((v, i) => Math.Max(v * scale[i / (s.H * s.W) % s.C] + shift[i / (s.H * s.W) % s.C], 0))];
        Conv2dDefinition.Forward(scaled, w, [], s).Check(y, 1e-6, "y");
    }

    [Test]
    public void Signs_are_a_bit_for_every_positive_value([Values(1, 7, 16, 45)] int c, [Values] bool affine)
    {
        const int n = 2, h = 19, w = 17;
        var random = new Random(c);
        double[] x = [.. Draw.Uniform(random, n * c * h * w, -2, 2).Select(v => Math.Round(v))], scale = Draw.Uniform(random, c), shift = Draw.Uniform(random, c);
        x[0] = double.NaN;
        using var map = Map(x, n, c, h, w);
        using var scales = Channels(scale);
        using var shifts = Channels(shift);
        using var signs = _device.Allocate<ushort>(map.Length / BlockedMaps.Lanes);
        Blocked.Signs(new(map.View, n, c, h, w), affine ? scales.View : default, affine ? shifts.View : default, signs.View);
        var bits = new ushort[signs.Length];
        _device.Download(signs.View, bits);
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i / (h * w) % c, pixel = i / (c * h * w) * h * w + i % (h * w);
            bool positive = (affine ? x[i] * scale[channel] + shift[channel] : x[i]) > 0;
            Assert.That((bits[channel / 16 * n * h * w + pixel] >> channel % 16 & 1) != 0, Is.EqualTo(positive), $"at {i}");
        }
    }

    [Test]
    public void The_gradient_of_a_rectified_norm_is_the_definition()
    {
        const int n = 2, c = 21, h = 5, w = 7;
        var random = new Random(8);
        double[] x = Draw.Uniform(random, n * c * h * w), dy = Draw.Uniform(random, x.Length), residual = Draw.Uniform(random, x.Length), gate = Draw.Uniform(random, x.Length), scale = Draw.Uniform(random, c), shift = Draw.Uniform(random, c);
        using var from = Map(dy, n, c, h, w);
        using var at = Map(x, n, c, h, w);
        using var to = Empty(n, c, h, w);
        using var residuals = Map(residual, n, c, h, w);
        using var gates = Signs(gate, n, c, h, w);
        using var scales = Channels(scale);
        using var shifts = Channels(shift);
        using var signs = _device.Allocate<ushort>(at.Length / BlockedMaps.Lanes);
        Blocked.Signs(new(at.View, n, c, h, w), scales.View, shifts.View, signs.View);
        Blocked.RectifiedBackward(new(from.View, n, c, h, w), signs.View, new(to.View, n, c, h, w), new() { Scale = scales.View, Residual = residuals.View, Gate = gates.View });
        double[] expected = [.. dy.Select((d, i) => gate[i] > 0 ? (x[i] * scale[i / (h * w) % c] + shift[i / (h * w) % c] > 0 ? d * scale[i / (h * w) % c] : 0) + residual[i] : 0)];
        Close.Check(expected, Unblocked(to, n, c, h, w), 1e-6, 1e-6, "dx");
    }

    [Test]
    public void The_gradient_at_the_input_is_a_convolution_with_the_same_weights_read_backwards([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        int r = random.Next(1, 5), t = random.Next(1, 5), groups = random.Next(1, 3);
        var s = new Conv2dShape(2, groups * random.Next(1, 20), random.Next(4, 9), random.Next(4, 12), groups * random.Next(1, 20), r, t, padH: random.Next(r), padW: random.Next(t), groups: groups);
        double[] dy = Draw.Uniform(random, s.YSize), w = Draw.Uniform(random, s.WSize);
        var f = new ConvWindow(s.C, s.K, r, t, Groups: groups);
        using var weights = Buffer(w);
        using var conv = Blocked.Conv(new(s.K, s.C, r, t, Groups: groups), ConvAlgorithm.Direct, KernelTaps.Backward(weights.View, f, TapRange.All(r), TapRange.All(t)), default);
        using var from = Map(dy, s.N, s.K, s.P, s.Q);
        using var to = Empty(s.N, s.C, s.H, s.W);
        conv.Run(new BlockedMaps(from.View, s.N, s.K, s.P, s.Q), new(to.View, s.N, s.C, s.H, s.W), new() { PadH = r - 1 - s.PadH, PadW = t - 1 - s.PadW });
        Conv2dDefinition.BackwardInput(dy, w, s).Check(Unblocked(to, s.N, s.C, s.H, s.W), 4e-7, $"dx of {s}");
    }

    [Test]
    public void A_first_layer_reads_images([Values(1, 2, 3, 4)] int channels, [Values(1, 2, 3)] int stride, [Values(3, 7)] int kernel)
    {
        var random = new Random(channels * 10 + stride);
        var s = new Conv2dShape(2, channels, random.Next(8, 40), random.Next(8, 40), random.Next(1, 70), kernel, kernel - 1, stride, stride, random.Next(kernel), random.Next(kernel));
        double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize), bias = Draw.Uniform(random, s.K);
        using var images = Buffer(x);
        using var weights = Buffer(w);
        using var biases = Buffer(bias);
        using var y = Empty(s.N, s.K, s.P, s.Q);
        var f = Window(s);
        using var conv = Blocked.ImageConv(f, KernelTaps.Forward(weights.View, f), biases.View);
        conv.Run(images.View, s.H, s.W, new(y.View, s.N, s.K, s.P, s.Q), new() { PadH = s.PadH, PadW = s.PadW });
        Conv2dDefinition.Forward(x, w, bias, s).Check(Unblocked(y, s.N, s.K, s.P, s.Q), 4e-7, $"y of {s}");
    }

    [Test]
    public void A_rectangle_of_a_direct_convolution_has_the_bits_of_the_whole()
    {
        var s = new Conv2dShape(1, 40, 20, 22, 50, 3, 3);
        var random = new Random(9);
        double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize);
        float[] whole = Conv(x, w, [], s, ConvAlgorithm.Direct, new());
        const int top = 3, left = 5, h = 9, width = 7;
        var part = new Conv2dShape(1, s.C, h, width, s.K, 3, 3);
        double[] cut = [.. Enumerable.Range(0, part.XSize).Select(i => x[(i / (h * width) * s.H + top + i / width % h) * s.W + left + i % width])];
        float[] rectangle = Conv(cut, w, [], part, ConvAlgorithm.Direct, new());
        float[] expected = [.. Enumerable.Range(0, part.YSize).Select(i => whole[(i / part.PQ * s.P + top + i / part.Q % part.P) * s.Q + left + i % part.Q])];
        Assert.That(rectangle, Is.EqualTo(expected));
    }

    [Test]
    public void Parts_with_changes_are_read_where_they_lie([Values] ConvAlgorithm algorithm, [Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        bool plain = algorithm != ConvAlgorithm.Direct;
        int n = random.Next(1, 5), maps = random.Next(1, 3), c = random.Next(1, 40), h = random.Next(3, 20), w = random.Next(3, 20), kernel = plain ? 3 : random.Next(1, 4), stride = plain ? 1 : random.Next(1, 3), pad = random.Next(2);
        int partH = random.Next(3, h + 6), partW = random.Next(3, w + 6), changeH = random.Next(1, h / 2 + 2), changeW = random.Next(1, w / 2 + 2);
        double[] x = Draw.Uniform(random, maps * c * h * w), changes = Draw.Uniform(random, n * c * changeH * changeW), weights = Draw.Uniform(random, 21 * c * kernel * kernel);
        MapPart[] parts = [.. Enumerable.Range(0, n).Select(_ => new MapPart(random.Next(maps), new(random.Next(-4, h), random.Next(-4, w)), new(random.Next(h - changeH + 1), random.Next(w - changeW + 1))))];
        bool changed = seed % 4 > 0;

        double[] gathered = new double[n * c * partH * partW];
        for (int i = 0, to = 0; i < n; i++)
            for (int channel = 0; channel < c; channel++)
                for (int row = 0; row < partH; row++)
                    for (int column = 0; column < partW; column++, to++)
                    {
                        var (map, at, over) = parts[i];
                        int y = at.Y + row, left = at.X + column, inY = y - over.Y, inX = left - over.X;
                        if (y < 0 || y >= h || left < 0 || left >= w) continue;
                        gathered[to] = changed && inY >= 0 && inY < changeH && inX >= 0 && inX < changeW
                            ? changes[((i * c + channel) * changeH + inY) * changeW + inX] : x[((map * c + channel) * h + y) * w + left];
                    }

        using var onMaps = Map(x, maps, c, h, w);
        using var onChanges = Map(changes, n, c, changeH, changeW);
        using var together = Map(gathered, n, c, partH, partW);
        using var actual = Empty(n, c, partH, partW);
        var patched = new PatchedMaps(new(onMaps.View, maps, c, h, w), changed ? new(onChanges.View, n, c, changeH, changeW) : default, parts, partH, partW);
        var alike = new BlockedMaps(together.View, n, c, partH, partW);
        Blocked.Gather(patched, 0, new(actual.View, n, c, partH, partW));
        Assert.That(Read(actual), Is.EqualTo(Read(together)), "gathered");
        using var images = _device.Allocate<float>(gathered.Length);
        Blocked.Unblock(patched, images.View);
        Assert.That(Read(images), Is.EqualTo(Draw.Floats(gathered)), "unblocked");

        using var onWeights = Buffer(weights);
        var f = new ConvWindow(c, 21, kernel, kernel, stride, stride);
        var s = new Conv2dShape(n, c, partH, partW, 21, kernel, kernel, stride, stride, pad, pad);
        using var conv = Blocked.Conv(f, algorithm, KernelTaps.Forward(onWeights.View, f), default);
        using var expected = Empty(n, 21, s.P, s.Q);
        using var y2 = Empty(n, 21, s.P, s.Q);
        conv.Run(alike, new(expected.View, n, 21, s.P, s.Q), new() { PadH = pad, PadW = pad });
        conv.Run(patched, new(y2.View, n, 21, s.P, s.Q), new() { PadH = pad, PadW = pad });
        Assert.That(Read(y2), Is.EqualTo(Read(expected)), "convolved");
    }

    [Test]
    public void Parts_that_do_not_fit_are_refused()
    {
        using var maps = Empty(2, 3, 4, 5);
        using var changes = Empty(1, 3, 2, 2);
        BlockedMaps x = new(maps.View, 2, 3, 4, 5), over = new(changes.View, 1, 3, 2, 2);
        MapPart here = new(1, default, default);
        Assert.That(() => new PatchedMaps(x, over, [here, here], 2, 2), Throws.TypeOf<ShapeException>().With.Message.EqualTo("1 changes of 3 channels do not fit 2 parts of 3"));
        Assert.That(() => new PatchedMaps(x, default, [here with { Map = 2 }], 2, 2), Throws.TypeOf<ShapeException>().With.Message.EqualTo("part of map 2 of 2"));
        Assert.That(() => Blocked.Gather(new PatchedMaps(x, over, [here], 2, 2), 0, x), Throws.TypeOf<ShapeException>());
    }

    [Test]
    public void Pooling_is_the_definition([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        int n = random.Next(1, 4), c = random.Next(1, 40), r = random.Next(1, 4), t = random.Next(1, 4);
        var s = new Pool2dShape(n * c, random.Next(4, 13), random.Next(4, 13), r, t, random.Next(1, 4), random.Next(1, 4), random.Next(r / 2 + 1), random.Next(t / 2 + 1), ceil: seed % 2 == 0);
        var window = new PoolWindow(r, t, s.StrideH, s.StrideW, s.PadH, s.PadW);
        double[] x = [.. Draw.Uniform(random, s.Planes * s.H * s.W, -3, 3).Select(v => Math.Round(v))], dy = Draw.Uniform(random, s.Planes * s.P * s.Q), gate = Draw.Uniform(random, x.Length), residual = Draw.Uniform(random, x.Length);
        using var from = Map(x, n, c, s.H, s.W);
        using var to = Empty(n, c, s.P, s.Q);
        using var argmax = Empty(n, c, s.P, s.Q);
        using var seeds = Map(dy, n, c, s.P, s.Q);
        using var dx = Empty(n, c, s.H, s.W);
        using var gates = Signs(gate, n, c, s.H, s.W);
        using var residuals = Map(residual, n, c, s.H, s.W);
        BlockedMaps xs = new(from.View, n, c, s.H, s.W), ys = new(to.View, n, c, s.P, s.Q), dys = new(seeds.View, n, c, s.P, s.Q), dxs = new(dx.View, n, c, s.H, s.W);
        var use = new ConvUse { Gate = gates.View, Residual = residuals.View };

        var (y, places) = PoolDefinition.Max(x, s);
        Blocked.Pools.Max(xs, ys, window, default);
        Close.Check(y, Unblocked(to, n, c, s.P, s.Q), 0, 0, "max");
        _device.Fill(to.View, float.NaN);
        Blocked.Pools.Max(xs, ys, window, argmax.View);
        Close.Check(y, Unblocked(to, n, c, s.P, s.Q), 0, 0, "max beside argmax");
        Blocked.Pools.MaxBackward(dys, argmax.View, dxs, window, use);
        Close.Check(Gated(PoolDefinition.MaxBackward(dy, places, s)), Unblocked(dx, n, c, s.H, s.W), 1e-6, 1e-6, "dx of max");

        Blocked.Pools.Average(xs, ys, window);
        if (seed % 2 == 1) Close.Check(PoolDefinition.Average(x, s), Unblocked(to, n, c, s.P, s.Q), 1e-6, 1e-6, "mean");
        Blocked.Pools.AverageBackward(dys, dxs, window, use);
        if (seed % 2 == 1) Close.Check(Gated(CentralDifferences.Of(v => CentralDifferences.Dot(PoolDefinition.Average(v, s), dy), x)), Unblocked(dx, n, c, s.H, s.W), 1e-5, 1e-5, "dx of mean");

        double[] Gated(double[] v) => [.. v.Select((e, i) => gate[i] > 0 ? e + residual[i] : 0)];
    }

    [Test]
    public void Adaptive_means_are_the_definition([Values(1, 3)] int p, [Values(1, 4)] int q)
    {
        const int n = 2, c = 21, h = 7, w = 6;
        var s = new AdaptivePoolShape(n * c, h, w, p, q);
        double[] x = Draw.Uniform(new(1), n * c * h * w), dy = Draw.Uniform(new(2), n * c * p * q);
        using var from = Map(x, n, c, h, w);
        using var to = Empty(n, c, p, q);
        using var seeds = Map(dy, n, c, p, q);
        using var dx = Empty(n, c, h, w);
        Blocked.Pools.AdaptiveAverage(new(from.View, n, c, h, w), new(to.View, n, c, p, q));
        Close.Check(PoolDefinition.AdaptiveAverage(x, s), Unblocked(to, n, c, p, q), 1e-6, 1e-6, "mean");
        Blocked.Pools.AdaptiveAverageBackward(new(seeds.View, n, c, p, q), new(dx.View, n, c, h, w), new());
        Close.Check(CentralDifferences.Of(v => CentralDifferences.Dot(PoolDefinition.AdaptiveAverage(v, s), dy), x), Unblocked(dx, n, c, h, w), 1e-5, 1e-5, "dx");
    }

    [Test]
    public void A_NaN_in_a_window_is_its_largest()
    {
        double[] x = [1, double.NaN, 3, 2];
        using var from = Map(x, 1, 1, 2, 2);
        using var to = Empty(1, 1, 1, 1);
        using var argmax = Empty(1, 1, 1, 1);
        Blocked.Pools.Max(new(from.View, 1, 1, 2, 2), new(to.View, 1, 1, 1, 1), new(2, 2, 2, 2, 0, 0), argmax.View);
        Assert.Multiple(() =>
        {
            Assert.That(Unblocked(to, 1, 1, 1, 1)[0], Is.NaN);
            Assert.That(Unblocked(argmax, 1, 1, 1, 1)[0], Is.EqualTo(1));
        });
    }

    void CheckConv(Conv2dShape s, ConvAlgorithm algorithm, int seed, double rounding)
    {
        var random = new Random(seed + 1000);
        double[] x = Draw.Uniform(random, s.XSize), w = Draw.Uniform(random, s.WSize), bias = Draw.Uniform(random, s.K);
        Conv2dDefinition.Forward(x, w, bias, s).Check(Conv(x, w, bias, s, algorithm, new() { PadH = s.PadH, PadW = s.PadW }), rounding, $"{algorithm}: y of {s}");
    }

    float[] Conv(double[] x, double[] w, double[] bias, Conv2dShape s, ConvAlgorithm algorithm, ConvUse use)
    {
        using var from = Map(x, s.N, s.C, s.H, s.W);
        using var weights = Buffer(w);
        using var biases = Buffer(bias);
        using var to = Empty(s.N, s.K, s.P, s.Q);
        var f = Window(s);
        using var conv = Blocked.Conv(f, algorithm, KernelTaps.Forward(weights.View, f), biases.View);
        conv.Run(new BlockedMaps(from.View, s.N, s.C, s.H, s.W), new(to.View, s.N, s.K, s.P, s.Q), use);
        return Unblocked(to, s.N, s.K, s.P, s.Q);
    }

    static ConvWindow Window(Conv2dShape s) => new(s.C, s.K, s.R, s.S, s.StrideH, s.StrideW, s.DilationH, s.DilationW, s.Groups);

    static Conv2dShape RandomShape(Random random)
    {
        int groups = random.Next(4) == 0 ? random.Next(2, 6) : 1, r = random.Next(1, 5), s = random.Next(1, 5), dilationH = random.Next(1, 3), dilationW = random.Next(1, 3);
        if (random.Next(3) == 0) (r, s, dilationH, dilationW) = (1, 1, 1, 1);
        int strideH = random.Next(1, 4), strideW = random.Next(1, 4), padH = random.Next(r), padW = random.Next(s);
        if (random.Next(2) == 0) (strideH, strideW) = (1, 1);
        int h = random.Next(1, 12) + dilationH * (r - 1), w = random.Next(1, 12) + dilationW * (s - 1);
        return new(random.Next(1, 4), groups * random.Next(1, 60 / groups), h, w, groups * random.Next(1, 90 / groups), r, s, strideH, strideW, padH, padW, dilationH, dilationW, groups);
    }

    DeviceBuffer<float> Buffer(double[] values)
    {
        var buffer = _device.Allocate<float>(values.Length);
        _device.Upload<float>(Draw.Floats(values), buffer.View);
        return buffer;
    }

    DeviceBuffer<float> Channels(double[] values) => Buffer([.. values, .. new double[BlockedMaps.BlocksOf(values.Length) * BlockedMaps.Lanes - values.Length]]);

    DeviceBuffer<float> Empty(int n, int c, int h, int w)
    {
        var buffer = _device.Allocate<float>(BlockedMaps.Floats(n, c, h, w));
        _device.Fill(buffer.View, float.NaN);
        return buffer;
    }

    DeviceBuffer<float> Map(double[] values, int n, int c, int h, int w)
    {
        using var images = Buffer(values);
        var map = Empty(n, c, h, w);
        Blocked.Block(images.View, new(map.View, n, c, h, w));
        return map;
    }

    DeviceBuffer<ushort> Signs(double[] values, int n, int c, int h, int w)
    {
        using var map = Map(values, n, c, h, w);
        var signs = _device.Allocate<ushort>(map.Length / BlockedMaps.Lanes);
        Blocked.Signs(new(map.View, n, c, h, w), default, default, signs.View);
        return signs;
    }

    float[] Unblocked(DeviceBuffer<float> map, int n, int c, int h, int w)
    {
        float[] blocks = Read(map);
        // Lanes beyond the channels hold zeros, so that what reads whole blocks adds nothing.
        for (int i = 0; i < blocks.Length; i++)
            if (i / (n * h * w * BlockedMaps.Lanes) * BlockedMaps.Lanes + i % BlockedMaps.Lanes >= c) Assert.That(blocks[i], Is.Zero, $"lane beyond the channels, at {i}");
        using var images = _device.Allocate<float>((long)n * c * h * w);
        Blocked.Unblock(new BlockedMaps(map.View, n, c, h, w), images.View);
        return Read(images);
    }

    float[] Read(DeviceBuffer<float> buffer)
    {
        var values = new float[buffer.Length];
        _device.Download(buffer.View, values);
        return values;
    }
}
