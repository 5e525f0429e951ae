using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Reads a graph off one recorded pass of a network.</summary>
static class Trace
{
    /// <summary>The steps from images of this size to <see cref="ImageClassifier.Features"/>; null where one of the operations on the way is none that plans know.</summary>
    public static Graph? Of(ImageClassifier model, int height, int width)
    {
        var device = model.Device;
        using var scope = device.Scope();
        var names = new Names(model);
        var x = device.Zeros([1, model.InputShape[0], height, width]).Leaf();
        var y = model.Features(x, Pass.Watching(names));
        var image = new ImageNode(model.InputShape[0], height, width);
        var nodes = new Dictionary<Tensor, Node> { [x] = image };
        return Visit(y) is { } result and not ImageNode ? new(image, result) : null;

        Node? Visit(Tensor t)
        {
            if (nodes.TryGetValue(t, out var known)) return known;
            if (Make(t) is not { } node) return null;
            node.Layers.UnionWith(names.Of(t));
            return nodes[t] = node;
        }

        Node? Make(Tensor t)
        {
            var inputs = t.Inputs.ToArray();
            if (t.Shape.Rank != 4 || t.Shape[0] != 1) return null;
            switch (t.Operation)
            {
                case null:
                    return Constant(t);
                case ConvOperation conv:
                    var (weight, bias) = (inputs[1], inputs.Length > 2 ? inputs[2] : null);
                    return Visit(inputs[0]) switch
                    {
                        null => null,
                        ImageNode i when ImageConvNode.Serves(conv.Shape) => new ImageConvNode(conv, i, weight, bias),
                        var input => new ConvNode(conv, Blocks(input), weight, bias),
                    };
                case NormOperation norm:
                    return On(inputs[0], x => new PointwiseNode(x) { Affine = ChannelAffine.Of(norm, inputs[1], inputs[2]) });
                case UnaryOperation(var function) when function == typeof(Kernels.Relu):
                    return On(inputs[0], x => new PointwiseNode(x) { Relu = true });
                case BinaryOperation(var function) when function == typeof(Add) && inputs[0].Shape == inputs[1].Shape:
                    return On(inputs[0], a => Visit(inputs[1]) is { } b ? new PointwiseNode(a, Blocks(b)) : null);
                case MaxPoolOperation(var s):
                    return On(inputs[0], x => new MaxPoolNode(s, x));
                case AveragePoolOperation(var s):
                    return On(inputs[0], x => new AveragePoolNode(s, x));
                case ReshapeOperation when inputs[0].Shape == t.Shape:
                    return On(inputs[0], x => new PointwiseNode(x));
                case ConcatOperation(1):
                    var parts = inputs.Select(i => Visit(i) is { } part ? Blocks(part) : null).ToArray();
                    return parts.Contains(null) ? null : new ConcatNode(t.Shape[1], parts!);
                default:
                    return null;
            }
        }

        Node? On(Tensor input, Func<Node, Node?> make) => Visit(input) is { } node ? make(Blocks(node)) : null;

        Node Blocks(Node node) => node is ImageNode ? nodes.Values.OfType<BlockNode>().FirstOrDefault() ?? Blocked() : node;

        Node Blocked()
        {
            var node = new BlockNode(image);
            nodes[x.Detach()] = node;
            return node;
        }
    }

    static ConstantNode? Constant(Tensor t)
    {
        float[] values = t.ToArray();
        return values.AsSpan().ContainsAnyExcept(values[0]) ? null : new(t.Shape[1], t.Shape[2], t.Shape[3], values[0]);
    }

    /// <summary>Which modules made which results.</summary>
    sealed class Names(Module model) : Watch
    {
        readonly Dictionary<Module, string> _names = model.Modules().ToDictionary(m => m.Value, m => m.Name);
        readonly List<(Tensor Result, string Name)> _seen = [];

        public IEnumerable<string> Of(Tensor t) => _seen.Where(s => ReferenceEquals(s.Result, t)).Select(s => s.Name);

        internal override bool Wants(Module module) => true;

        internal override Tensor See(Module module, Tensor y)
        {
            if (_names.TryGetValue(module, out string? name)) _seen.Add((y, name));
            return y;
        }
    }
}
