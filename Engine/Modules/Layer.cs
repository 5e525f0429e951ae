namespace IlgpuXai.Engine;

/// <summary>A module of a model by its name, such as <c>layer4.2.conv3</c>.</summary>
/// <param name="Kind">Its class.</param>
/// <param name="Output">[N, ...] of its result for one image; null where a pass does not reach it.</param>
/// <param name="Parameters">Trained numbers, with those of the layers inside it.</param>
public sealed record Layer(string Name, string Kind, Shape? Output, long Parameters)
{
    /// <summary>All layers of a model, containers before what they hold, with what they make of one image of its own size.</summary>
    public static IReadOnlyList<Layer> Of(ImageClassifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var device = model.Device;
        var shapes = new Shapes();
        using (device.Scope()) model.Forward(device.Zeros([1, .. model.InputShape]), Pass.Watching(shapes));
        return [.. model.Modules().Skip(1).Select(m => new Layer(m.Name, m.Value.GetType().Name, shapes.Of(m.Value), m.Value.ParameterCount))];
    }

    sealed class Shapes : Watch
    {
        readonly Dictionary<Module, Shape> _seen = [];

        public Shape? Of(Module module) => _seen.TryGetValue(module, out var shape) ? shape : null;

        internal override bool Wants(Module module) => true;

        internal override Tensor See(Module module, Tensor y)
        {
            _seen[module] = y.Shape;
            return y;
        }
    }
}
