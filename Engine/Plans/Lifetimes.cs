namespace IlgpuXai.Engine;

/// <summary>Where each step's result lies in one block of memory: two results share a place if no step needs both.</summary>
/// <remarks>Places are given as floats per image; for N images all are N times as far. First fit, the largest results first.</remarks>
sealed class Lifetimes
{
    readonly Dictionary<Node, long> _at = [];

    /// <param name="places">Results within others: <see cref="JoinInPlace"/>.</param>
    /// <param name="keepAll">Whether every result is needed after the last step.</param>
    public Lifetimes(Graph graph, IReadOnlyDictionary<Node, (Node Whole, int Block)> places, bool keepAll)
    {
        var nodes = graph.Nodes;
        var lives = new Dictionary<Node, (int First, int Last)>();
        for (int i = 0; i < nodes.Count; i++)
        {
            Extend(Root(nodes[i]), i);
            foreach (var input in nodes[i].Inputs)
                if (input is not ImageNode) Extend(Root(input), i);
        }
        Extend(Root(graph.Result), nodes.Count);
        if (keepAll)
            foreach (var root in lives.Keys.ToArray()) lives[root] = (0, nodes.Count);

        var placed = new List<(Node Node, long At)>();
        foreach (var node in lives.Keys.OrderByDescending(n => n.Floats).ThenBy(n => lives[n].First))
        {
            long at = 0;
            foreach (var (other, start) in placed.Where(p => Overlap(p.Node, node)).OrderBy(p => p.At))
            {
                if (at + node.Floats <= start) break;
                at = Math.Max(at, start + other.Floats);
            }
            placed.Add((node, at));
            _at[node] = at;
        }
        foreach (var (node, at) in placed) Floats = Math.Max(Floats, at + node.Floats);
        LiveFloats = Enumerable.Range(0, nodes.Count + 1).Max(i => lives.Sum(l => l.Value.First <= i && i <= l.Value.Last ? l.Key.Floats : 0));
        foreach (var node in nodes)
            if (!_at.ContainsKey(node)) _at[node] = _at[Root(node)] + Offset(node);

        bool Overlap(Node a, Node b) => lives[a].First <= lives[b].Last && lives[b].First <= lives[a].Last;

        void Extend(Node root, int step) => lives[root] = lives.TryGetValue(root, out var life) ? (life.First, step) : (step, step);

        Node Root(Node node) => places.TryGetValue(node, out var place) ? Root(place.Whole) : node;

        long Offset(Node node) => places.TryGetValue(node, out var place) ? (long)place.Block * node.H * node.W * Kernels.BlockedMaps.Lanes + Offset(place.Whole) : 0;
    }

    /// <summary>Floats per image from the beginning of the memory.</summary>
    public long this[Node node] => _at[node];

    /// <summary>Of the whole memory, per image.</summary>
    public long Floats { get; }

    /// <summary>The most that live results need at once, per image: no placing can do with less.</summary>
    public long LiveFloats { get; }
}
