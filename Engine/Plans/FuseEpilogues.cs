namespace IlgpuXai.Engine;

/// <summary>Residual sums and ReLUs are applied where the sums of the convolution before them are stored.</summary>
static class FuseEpilogues
{
    public static void In(Graph graph, IReadOnlySet<string> kept)
    {
        foreach (var node in graph.Nodes.ToArray())
        {
            var readers = graph.Readers();
            bool Free(Node n) => readers[n] == 1 && !n.Relu && !n.Layers.Overlaps(kept);
            switch (node)
            {
                case PointwiseNode { Affine.IsNone: true, Inputs: [var a, var b] } sum when a != b:
                    // The other summand has to be there before: it must not depend on the convolution, which is read by the sum alone.
                    var (conv, other) = a is ConvNode { Inputs.Count: 1 } && Free(a) ? (a, b) : b is ConvNode { Inputs.Count: 1 } && Free(b) ? (b, a) : (null, null);
                    if (conv is null) break;
                    conv.Inputs.Add(other!);
                    Take(conv, sum);
                    break;
                case PointwiseNode { Affine.IsNone: true, Relu: true, Inputs: [ConvNode or ImageConvNode or PointwiseNode] } relu when Free(relu.Inputs[0]):
                    Take(relu.Inputs[0], relu);
                    break;
            }
        }

        void Take(Node from, Node taken)
        {
            from.Relu = taken.Relu;
            from.Layers.Clear();
            graph.Replace(taken, from);
        }
    }
}
