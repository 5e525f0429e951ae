namespace IlgpuXai.Engine;

/// <summary>The spatial part of a network: steps that lead from images to one result.</summary>
sealed class Graph(ImageNode image, Node result)
{
    List<Node>? _order;

    public ImageNode Image => image;
    public Node Result { get; private set; } = result;

    /// <summary>All steps that the result needs, inputs before what reads them; the images are not among them.</summary>
    public IReadOnlyList<Node> Nodes => _order ??= Order();

    /// <summary>How many steps read a step's result; that of the graph counts as read once more.</summary>
    public Dictionary<Node, int> Readers()
    {
        var readers = Nodes.ToDictionary(n => n, _ => 0);
        readers[image] = 0;
        readers[Result]++;
        foreach (var node in Nodes)
            foreach (var input in node.Inputs) readers[input]++;
        return readers;
    }

    /// <summary>Whoever read <paramref name="old"/> reads <paramref name="by"/>, which stands for the same layers too.</summary>
    public void Replace(Node old, Node by)
    {
        foreach (var node in Nodes)
            if (node != by)
                for (int i = 0; i < node.Inputs.Count; i++)
                    if (node.Inputs[i] == old) node.Inputs[i] = by;
        if (Result == old) Result = by;
        by.Layers.UnionWith(old.Layers);
        Changed();
    }

    /// <summary>Says that inputs were exchanged by hand.</summary>
    public void Changed() => _order = null;

    List<Node> Order()
    {
        var order = new List<Node>();
        var seen = new HashSet<Node> { image };
        Visit(Result);
        return order;

        void Visit(Node node)
        {
            if (!seen.Add(node)) return;
            foreach (var input in node.Inputs) Visit(input);
            order.Add(node);
        }
    }
}
