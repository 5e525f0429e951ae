namespace IlgpuXai.Engine;

/// <summary>A batch norm with ReLU that one convolution alone reads is applied while that copies its input (networks that normalise first: DenseNet).</summary>
static class FusePrologues
{
    public static void In(Graph graph, IReadOnlySet<string> kept)
    {
        var readers = graph.Readers();
        foreach (var node in graph.Nodes.ToArray())
            if (node is ConvNode { Before.IsNone: true, Stencil.IsPoint: true, Inputs: [PointwiseNode { Affine.IsNone: false, Relu: true, Inputs: [var x] } norm, ..] } conv && readers[norm] == 1 && !norm.Layers.Overlaps(kept))
            {
                conv.Before = norm.Affine;
                conv.Inputs[0] = x;
                graph.Changed();
            }
    }
}
