using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Results of named modules in one forward pass, for reading and for gradients with respect to them.</summary>
/// <remarks>
/// <code>
/// var seen = new Activations(model, "relu2");
/// var y = model.Forward(x, Pass.Watching(seen));
/// using var g = Gradients.Of(y, seed, seen["relu2"]);
/// </code>
/// A result that depends on nothing recorded is made a leaf: the computation is remembered from there on, not before.
/// Of a module called several times the last result is kept. Activations are freed with the scope of the pass.
/// </remarks>
public sealed class Activations : Watch
{
    readonly Dictionary<Module, string> _names = [];
    readonly Dictionary<string, Tensor> _seen = [];

    /// <exception cref="UnknownLayerException">The model has no module of that name.</exception>
    public Activations(Module model, params ReadOnlySpan<string> names)
    {
        foreach (string name in names) _names[UnknownLayerException.Find(model, name)] = name;
    }

    public Tensor this[string name] => _seen.TryGetValue(name, out var t) ? t
        : throw new KeyNotFoundException($"activations: layer '{name}' was not watched, or the pass did not reach it");

    internal override bool Wants(Module module) => _names.ContainsKey(module);

    internal override Tensor See(Module module, Tensor y)
    {
        if (!_names.TryGetValue(module, out string? name)) return y;
        return _seen[name] = y.RequiresGrad ? y : y.Leaf();
    }
}
