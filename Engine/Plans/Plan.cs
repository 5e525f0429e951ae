using System.Diagnostics;
using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>The spatial part of a frozen network, images → <see cref="ImageClassifier.Features"/>, compiled for one image size and run often.</summary>
/// <remarks>
/// Batch norms are folded into convolutions; bias, residual and ReLU are applied where their sums are stored; results lie in one block of memory, shared by lifetime;
/// weights are packed once. It computes what the model computed when the plan was made: later changes of weights do not reach it.
/// </remarks>
public sealed class Plan : IDisposable
{
    readonly Graph _graph;
    readonly Device _device;
    readonly IBlockedKernels _kernels;
    readonly IReadOnlyDictionary<Node, (Node Whole, int Block)> _places;
    readonly Lifetimes _lifetimes;
    Lifetimes? _all;

    Plan(Graph graph, Device device, IBlockedKernels kernels, IReadOnlyDictionary<Node, (Node Whole, int Block)> places)
    {
        (_graph, _device, _kernels, _places) = (graph, device, kernels, places);
        _lifetimes = new(graph, places, keepAll: false);
    }

    /// <summary>null where the device has no operations for plans, or the network does what plans do not know: it then runs layer by layer.</summary>
    public static Plan? Of(ImageClassifier model, int height, int width, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        if (model.Device.Blocked is not { } kernels || Trace.Of(model, height, width) is not { } graph) return null;
        model.Device.Trim();                                             // of what the traced pass took
        var kept = options.Layers.ToHashSet();
        DropCopies.In(graph);
        FoldNorms.In(graph, kept);
        FuseEpilogues.In(graph, kept);
        FusePrologues.In(graph, kept);
        var timed = options.Timed ? Timed(new(model.Device, kernels), options.Fastest) : null;
        ChooseAlgorithms.In(graph, timed ?? ChooseAlgorithms.Rule(options.Fastest), timed ?? ChooseAlgorithms.Rule(options.Fastest, many: true));
        var places = JoinInPlace.In(graph);
        var plan = new Plan(graph, model.Device, kernels, places);
        try
        {
            foreach (var node in graph.Nodes) node.Prepare(model.Device, kernels);
            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    static Choice Timed(TimedChoice choice, ConvAlgorithm largest) => (window, h, w) => choice.Of(window, h, w, largest);

    /// <summary>[C, H, W] of the images it was made for.</summary>
    public Shape InputShape => [_graph.Image.C, _graph.Image.H, _graph.Image.W];

    /// <summary>Images x [N, C, H, W] → features [N, K, h, w].</summary>
    public Tensor Features(Tensor x)
    {
        Check(x);
        int n = x.Shape[0];
        var result = _graph.Result;
        using var memory = _device.Allocate<float>(_lifetimes.Floats * n);
        foreach (var node in _graph.Nodes) Run(node, x, m => Map(m, n, memory.View, _lifetimes));
        return _device.Compute([n, result.C, result.H, result.W], y => _kernels.Unblock(Map(result, n, memory.View, _lifetimes), y));
    }

    /// <summary>Bytes of the results of one image: the memory that a pass takes, and the most that results need at once.</summary>
    public (long Taken, long Needed) ResultBytes => (_lifetimes.Floats * sizeof(float), _lifetimes.LiveFloats * sizeof(float));

    /// <summary>The steps with the median time of each over some passes over images x [N, C, H, W].</summary>
    public IReadOnlyList<PlanStep> Profile(Tensor x, int rounds)
    {
        Check(x);
        int n = x.Shape[0];
        var times = _graph.Nodes.Select(_ => new List<double>()).ToList();
        using var memory = _device.Allocate<float>(_lifetimes.Floats * n);
        for (int round = -1; round < rounds; round++)                    // the first pass warms up
            for (int i = 0; i < times.Count; i++)
            {
                long start = Stopwatch.GetTimestamp();
                Run(_graph.Nodes[i], x, m => Map(m, n, memory.View, _lifetimes));
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        return [.. _graph.Nodes.Select((node, i) => new PlanStep(node.Layers.Order().FirstOrDefault(""), node.Kind, [node.C, node.H, node.W], node.Algorithm, node.Flops * n, times[i].Order().ElementAt(rounds / 2), node.Floats * n * sizeof(float), node.WeightBytes))];
    }

    /// <summary>Images x [N, C, H, W] → features [N, K, h, w], with what their gradient at the images needs: the returned tensor depends on x.</summary>
    public Tensor FeaturesFrom(Tensor x)
    {
        Check(x);
        PrepareBackward();
        int n = x.Shape[0];
        using var memory = _device.Allocate<float>(_lifetimes.Floats * n);
        BlockedMaps Results(Node node) => Map(node, n, memory.View, _lifetimes);
        var pass = new GradientPass(_graph, _device, _kernels, n, Results, node => Run(node, x, Results));
        return pass.Features(Results(_graph.Result)).DependsOn((x, pass.AtImages)).Owns(pass);
    }

    /// <summary>The network on the straight line between two images [1, C, H, W]; null where more than one step reads the images, so that the first is not linear by itself.</summary>
    public LinePlan? Between(Tensor from, Tensor to)
    {
        Check(from);
        Check(to);
        if (_graph.Nodes.OfType<ImageReader>().ToList() is not [var reader]) return null;
        PrepareBackward();
        PrepareMany();
        return new(reader, _graph, _device, _kernels, _lifetimes, (node, map) => Run(node, map, many: true), from, to);
    }

    // Once, and not within the first pass: what a pass takes is measured, to find how many images one may have.
    void PrepareBackward()
    {
        foreach (var node in _graph.Nodes) node.PrepareBackward(_device, _kernels);
    }

    void PrepareMany()
    {
        foreach (var node in _graph.Nodes) node.PrepareMany(_device, _kernels);
    }

    Lifetimes All => _all ??= new(_graph, _places, keepAll: true);

    /// <summary>Remembers all results of images x [N, C, H, W], for variants that differ from them locally.</summary>
    public IncrementalPlan Around(Tensor x)
    {
        Check(x);
        int n = x.Shape[0];
        var all = All;
        PrepareMany();
        var memory = _device.Allocate<float>(all.Floats * n);
        try
        {
            foreach (var node in _graph.Nodes) Run(node, x, m => Map(m, n, memory.View, all), many: true);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        return new(n, _graph, _device, _kernels, memory, m => Map(m, n, memory.View, all));
    }

    void Check(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 4 || x.Shape[1..] != InputShape) throw new ShapeException($"plan: images {x.Shape}, expected [N, {string.Join(", ", InputShape.Sizes.ToArray())}]");
    }

    void Run(Node node, Tensor images, Func<Node, BlockedMaps> map, bool many = false)
    {
        if (node is ImageReader reader) reader.Read(_kernels, images.View, _graph.Image.H, _graph.Image.W, map(node), padded: false);
        else Run(node, map, many);
    }

    void Run(Node node, Func<Node, BlockedMaps> map, bool many = false)
    {
        var inputs = new PatchedMaps[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = map(node.Inputs[i]);
        node.Run(_kernels, inputs, map(node), new(Many: many));
    }

    internal static BlockedMaps Map(Node node, int n, View memory, Lifetimes places) => new(memory.SubView(places[node] * n, node.Floats * n), n, node.C, node.H, node.W);

    public void Dispose()
    {
        foreach (var node in _graph.Nodes) node.Dispose();
    }
}

/// <summary>A step of a plan, as measured.</summary>
/// <param name="Layer">A layer whose result it is; empty where there is none.</param>
/// <param name="Output">[C, H, W].</param>
/// <param name="Flops">Of the definition, for all images.</param>
/// <param name="ResultBytes">Of all images.</param>
/// <param name="WeightBytes">Packed.</param>
public sealed record PlanStep(string Layer, string Kind, Shape Output, string Algorithm, double Flops, double Milliseconds, long ResultBytes, long WeightBytes);

/// <summary>How a plan is made.</summary>
public sealed record PlanOptions
{
    /// <summary>The largest of Winograd's filterings that may be used. <see cref="ConvAlgorithm.Direct"/>: parts of maps have the bits of the whole.</summary>
    public ConvAlgorithm Fastest { get; init; } = ConvAlgorithm.Winograd4;

    /// <summary>Take whichever algorithm is the fastest here (<see cref="TimedChoice"/>) instead of one by rule: the last bits may then differ from one machine to the next.</summary>
    public bool Timed { get; init; }

    /// <summary>Layers whose results are wanted: nothing after them is fused into them.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];
}
