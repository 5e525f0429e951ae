namespace IlgpuXai.Engine;

/// <summary>Dropout in inference, reshapes to the same shape: steps that do nothing are gone.</summary>
static class DropCopies
{
    public static void In(Graph graph)
    {
        foreach (var node in graph.Nodes.ToArray())
            if (node is PointwiseNode { Affine.IsNone: true, Relu: false, Inputs: [var input] }) graph.Replace(node, input);
    }
}
