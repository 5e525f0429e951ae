namespace IlgpuXai.Engine;

/// <summary>A batch norm behind a convolution that nothing else reads becomes part of its weights and bias.</summary>
static class FoldNorms
{
    public static void In(Graph graph, IReadOnlySet<string> kept)
    {
        var readers = graph.Readers();
        foreach (var node in graph.Nodes.ToArray())
        {
            if (node is not PointwiseNode { Affine: { IsNone: false } affine, Inputs: [var input] } norm || readers[input] > 1 || input.Relu || input.Layers.Overlaps(kept)) continue;
            switch (input)
            {
                case ConvNode { After.IsNone: true } conv: conv.After = affine; break;
                case ImageConvNode { After.IsNone: true } conv: conv.After = affine; break;
                default: continue;
            }
            input.Relu = norm.Relu;
            input.Layers.Clear();
            graph.Replace(norm, input);
        }
    }
}
