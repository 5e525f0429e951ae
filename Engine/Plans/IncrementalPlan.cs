using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Images with the results of all steps, for features of variants that differ from them locally.</summary>
public sealed class IncrementalPlan : IDisposable
{
    /// <summary>The share of a map from which on the whole is computed.</summary>
    public const double DenseFrom = 0.8;

    // Of distances that changes reach along an axis; more gain little.
    const int MostClasses = 6;

    readonly DeviceBuffer<float> _memory;
    readonly Dictionary<Node, BlockedMaps> _results = [];

    internal IncrementalPlan(int images, Graph graph, Device device, IBlockedKernels kernels, DeviceBuffer<float> memory, Func<Node, BlockedMaps> results)
    {
        (Images, Graph, Device, Kernels, _memory) = (images, graph, device, kernels, memory);
        foreach (var node in graph.Nodes) _results[node] = results(node);
    }

    public int Images { get; }

    internal Graph Graph { get; }
    internal Device Device { get; }
    internal IBlockedKernels Kernels { get; }

    /// <summary>What a step gives for the images.</summary>
    internal BlockedMaps this[Node node] => _results[node];

    /// <summary>Features [N, K, h, w] of the images.</summary>
    public Tensor Features() => Unblocked(this[Graph.Result]);

    /// <summary>Variants of the images, together: all are computed in rectangles as large as the largest.</summary>
    /// <param name="members">Which of them; null takes all.</param>
    /// <param name="denseFrom">The share of a map from which on the whole is computed.</param>
    /// <param name="reach">Below 1, an approximation: of each side of a map at most this share is taken for changed, around where the change is.</param>
    public VariantPlan Of(ILocalVariants variants, int[]? members = null, double denseFrom = DenseFrom, double reach = 1)
    {
        members ??= [.. Enumerable.Range(0, variants?.Count ?? 0)];
        return new(this, variants!, members, Reach(variants, reach).Of(members, denseFrom));
    }

    /// <summary>The same in groups whose changes reach about as far: less arithmetic, for no fewer than about <paramref name="least"/> variants each.</summary>
    public IReadOnlyList<VariantPlan> Groups(ILocalVariants variants, double reach = 1, int least = 8)
    {
        var reached = Reach(variants, reach);
        return [.. reached.Groups(Math.Clamp((int)Math.Sqrt(variants.Count / (double)least), 1, MostClasses)).Select(members => new VariantPlan(this, variants, members, reached.Of(members, DenseFrom)))];
    }

    Reached Reach(ILocalVariants? variants, double reach)
    {
        ArgumentNullException.ThrowIfNull(variants);
        if (reach is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(reach), $"plan: a reach of {reach} is no share of a map");
        return new(Graph, variants, reach);
    }

    internal Tensor Unblocked(PatchedMaps maps) => Device.Compute([maps.N, maps.C, maps.H, maps.W], y => Kernels.Unblock(maps, y));

    public void Dispose() => _memory.Dispose();
}
