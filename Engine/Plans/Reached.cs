namespace IlgpuXai.Engine;

/// <summary>What changes of an image can reach: of every step that they do reach a rectangle for each variant.</summary>
sealed class Reached
{
    readonly Graph _graph;
    readonly Dictionary<Node, Rectangle[]> _rectangles = [];
    readonly int _count;

    /// <param name="reach">The largest share of each side of a map that is taken for changed.</param>
    public Reached(Graph graph, ILocalVariants variants, double reach)
    {
        (_graph, _count) = (graph, variants.Count);
        var image = graph.Image;
        var painted = _rectangles[image] = [.. Enumerable.Range(0, _count).Select(i => variants.Changed(i).Inside(image.H, image.W))];
        foreach (var node in graph.Nodes)
        {
            Rectangle[]? reached = null;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!_rectangles.TryGetValue(node.Inputs[i], out var input)) continue;
                var stencil = i == 0 ? node.Stencil : Stencil.Point;
                var met = Array.ConvertAll(input, r => r.Through(stencil, node.H, node.W));
                reached = reached is null ? met : [.. reached.Zip(met, (a, b) => a.Around(b))];
            }
            if (reached is null) continue;
            _rectangles[node] = reach < 1 ? [.. reached.Zip(painted, (r, change) => r.Within(reach, change, image, node))] : reached;
        }
    }

    /// <summary>Of the steps that some variants change: rectangles of one size around what changes, null where these cover this share of a map and it is computed as a whole.</summary>
    public Dictionary<Node, Rectangles?> Of(int[] variants, double denseFrom)
    {
        var changed = new Dictionary<Node, Rectangles?> { [_graph.Image] = Around(_graph.Image) };
        foreach (var node in _graph.Nodes)
        {
            if (!_rectangles.ContainsKey(node)) continue;
            var rectangles = Around(node);
            bool whole = node.Inputs.Any(input => changed.TryGetValue(input, out var r) && r is null);
            changed[node] = whole || rectangles.H * (double)rectangles.W >= denseFrom * node.H * node.W ? null : rectangles;
        }
        return changed;

        Rectangles Around(Node node) => Rectangles.Around(Array.ConvertAll(variants, i => _rectangles[node][i]), node.H, node.W);
    }

    /// <summary>The variants in groups that reach about as far as one another along each axis: nobody then computes much for the sake of others.</summary>
    /// <param name="classes">Along each axis.</param>
    public IEnumerable<int[]> Groups(int classes)
    {
        int[] rows = Classes(n => n.H, r => r.H), columns = Classes(n => n.W, r => r.W);
        return Enumerable.Range(0, _count).GroupBy(i => (rows[i], columns[i])).Select(g => g.ToArray());

        // By the mean share of an axis, steps weighted by their arithmetic; as many variants in each class.
        int[] Classes(Func<Node, int> side, Func<Rectangle, int> length)
        {
            double[] share = new double[_count];
            foreach (var node in _graph.Nodes)
                if (node.Flops > 0 && _rectangles.TryGetValue(node, out var each))
                    for (int i = 0; i < _count; i++) share[i] += node.Flops * length(each[i]) / side(node);
            double[] sorted = [.. share.Order()];
            return Array.ConvertAll(share, s => Enumerable.Range(1, classes - 1).Count(k => s > sorted[(_count - 1) * k / classes]));
        }
    }
}
