using System.Diagnostics;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Bench;

/// <summary>How the cost of passes and explanations of ResNet-50 on plans grows, beside the multiply-adds that are left to do: a table and a chart per question.</summary>
/// <remarks>Every question compares against its own first row; all its rows are timed in turn, round after round. Medians; whiskers are quartiles.</remarks>
sealed class Growth(string? folder)
{
    const int Rounds = 7, Size = 224;
    const double FillMs = 150;

    public static void Print(string? folder)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        var growth = new Growth(folder);
        Console.WriteLine($"ResNet-50 on plans, {Environment.ProcessorCount} threads unless said; ratios of medians of {Rounds} alternating rounds\n");
        using var device = new CpuDevice();
        using var network = Untrained.Network(device, "resnet50");
        using var image = Untrained.Images(device, network, 1, Size);
        growth.Batch(device, network);
        growth.ImageSize(device);
        growth.Window(network, image);
        growth.Positions(network, image);
        growth.Steps(network, image);
        growth.DenseFrom(network, image);
        growth.Threads();
    }

    void Batch(Device device, ImageClassifier network)
    {
        int[] sizes = [1, 2, 4, 8, 16];
        var batches = sizes.Select(n => Untrained.Images(device, network, n, Size)).ToList();
        Chart("batch", "time of a pass over a batch", sizes.Select((n, i) => new Row($"batch {n}", n, () => Forward(network, batches[i]))));
        batches.ForEach(b => b.Dispose());
    }

    void ImageSize(Device device)
    {
        // A network each: a planned one keeps the plan of one size.
        var rows = ((int[])[112, 160, 224, 320, 448]).Select(size =>
        {
            var network = Untrained.Network(device, "resnet50");
            return (size, network, image: Untrained.Images(device, network, 1, size));
        }).ToList();
        Chart("size", "time of a pass over one image", rows.Select(r => new Row($"{r.size} px", Flops(r.network, r.size), () => Forward(r.network, r.image))));
        foreach (var (_, network, image) in rows)
        {
            image.Dispose();
            network.Dispose();
        }
    }

    void Window(ImageClassifier network, Tensor image)
    {
        using var around = Plan(network).Around(image);
        Chart("window", "time of an occluded image", [new("whole pass", 1, () => Forward(network, image)), .. ((int[])[8, 16, 32, 64, 112]).Select(window =>
        {
            var groups = around.Groups(new Windows(image, window));
            return new Row($"window {window}", groups.Sum(g => g.Members.Count * g.ShareOfFlops) / Windows.Number, () => Features(groups), Windows.Number);
        })]);
    }

    void Positions(ImageClassifier network, Tensor image) =>
        Chart("positions", "time of occlusion, window 32", ((int[])[32, 16, 8]).Select(stride =>
        {
            int positions = new OccludeShape(3, Size, Size, 32, 32, stride, stride).Positions;
            return new Row($"{positions} positions", positions, () => new Occlusion(32, 32, stride, stride, new Baseline.Constant(0)).Explain(network, image, 3));
        }));

    void Steps(ImageClassifier network, Tensor image) =>
        Chart("steps", "time of Integrated Gradients", ((int[])[10, 25, 50, 100]).Select(steps =>
            new Row($"{steps} steps", steps, () => new IntegratedGradients(new Baseline.Constant(0), steps).Explain(network, image, 3))));

    void DenseFrom(ImageClassifier network, Tensor image)
    {
        using var around = Plan(network).Around(image);
        foreach (int window in (int[])[16, 32])
            Chart($"dense-{window}", $"time of an occluded image, window {window}, where maps are computed as a whole from this share on", ((double[])[IncrementalPlan.DenseFrom, 0.35, 0.5, 0.65, 0.9, 1]).Select(share =>
            {
                var variants = around.Of(new Windows(image, window), denseFrom: share);
                return new Row($"{share}", variants.ShareOfFlops, () => Features([variants]), Windows.Number);
            }));
    }

    void Threads()
    {
        foreach (int n in (int[])[1, 8])
        {
            var rows = new List<(Device Device, ImageClassifier Network, Tensor Images)>();
            for (int threads = 1; threads <= Environment.ProcessorCount; threads *= 2)
            {
                var device = new CpuDevice(threads);
                var network = Untrained.Network(device, "resnet50");
                rows.Add((device, network, Untrained.Images(device, network, n, Size)));
            }
            Chart($"threads-{n}", $"time of a pass, batch {n}", rows.Select((r, i) => new Row($"{1 << i} threads", 1.0 / (1 << i), () => Forward(r.Network, r.Images))));
            foreach (var (device, network, images) in rows)
            {
                images.Dispose();
                network.Dispose();
                device.Dispose();
            }
        }
    }

    static Plan Plan(ImageClassifier network) => ((PlannedClassifier)network).For(Size, Size)!;

    static double Flops(ImageClassifier network, int size)
    {
        using var image = Untrained.Images(network.Device, network, 1, size);
        return ((PlannedClassifier)network).For(size, size)!.Profile(image, 1).Sum(s => s.Flops);
    }

    static void Forward(ImageClassifier network, Tensor images)
    {
        using var scope = images.Device.Scope();
        network.Forward(images);
    }

    static void Features(IReadOnlyList<VariantPlan> groups)
    {
        const int together = 9;
        foreach (var group in groups)
            for (int first = 0; first < group.Members.Count; first += together) group.Features(first, Math.Min(together, group.Members.Count - first)).Dispose();
    }

    /// <param name="Work">Proportional to the multiply-adds.</param>
    /// <param name="Parts">How many the run does of what is compared.</param>
    sealed record Row(string Name, double Work, Action Run, int Parts = 1);

    void Chart(string name, string what, IEnumerable<Row> all)
    {
        Row[] rows = [.. all];
        var times = rows.Select(_ => new List<double>()).ToList();
        int[] repeats = Array.ConvertAll(rows, r => (int)Math.Clamp(FillMs / Math.Max(Time(r.Run, 1), Time(r.Run, 1)), 1, 100));
        for (int round = 0; round < Rounds; round++)
            for (int i = 0; i < rows.Length; i++)
            {
                Time(rows[i].Run, 1);                                    // threads are awake
                times[i].Add(Time(rows[i].Run, repeats[i]) / rows[i].Parts);
            }
        double first = Quartile(times[0], 2);
        Console.WriteLine($"| {what} | ms | time, first row = 1 | multiply-adds |\n|---|---|---|---|");
        for (int i = 0; i < rows.Length; i++) Console.WriteLine($"| {rows[i].Name} | {Quartile(times[i], 2):n1} | {Quartile(times[i], 2) / first:n2} | {rows[i].Work / rows[0].Work:n2} |");
        Console.WriteLine();
        if (folder is null) return;
        Bar Relative(List<double> t) => new(Quartile(t, 2) / first, Quartile(t, 1) / first, Quartile(t, 3) / first);
        string svg = BarChart.Draw($"{what}, ResNet-50", $"relative to {rows[0].Name}", [.. rows.Select(r => r.Name)], ["measured", "multiply-adds"],
            [[.. times.Select(Relative)], [.. rows.Select(r => new Bar(r.Work / rows[0].Work, r.Work / rows[0].Work, r.Work / rows[0].Work))]]);
        File.WriteAllText(Path.Combine(folder, $"growth-{name}.svg"), svg);
    }

    static double Quartile(List<double> times, int quarter) => times.Order().ElementAt((times.Count - 1) * quarter / 4);

    static double Time(Action run, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / times;
    }

    /// <summary>6 × 6 windows of zeros, spread evenly.</summary>
    sealed class Windows(Tensor image, int side) : ILocalVariants
    {
        public const int Number = 36;

        readonly float[] _image = image.ToArray();
        readonly int _channels = image.Shape[1], _size = image.Shape[2];

        public int Count => Number;

        public Rectangle Changed(int i) => new(i / 6 * (_size - side) / 5, i % 6 * (_size - side) / 5, side, side);

        public void Paint(int image, int i, Pixel at, int h, int w, Span<float> to)
        {
            var corner = Changed(i);
            to.Clear();
            for (int c = 0; c < _channels; c++)
                for (int y = Math.Max(0, at.Y); y < Math.Min(_size, at.Y + h); y++)
                    for (int x = Math.Max(0, at.X); x < Math.Min(_size, at.X + w); x++)
                        if (y < corner.Y || y >= corner.Y + side || x < corner.X || x >= corner.X + side) to[(c * h + y - at.Y) * w + x - at.X] = _image[(c * _size + y) * _size + x];
        }
    }
}
