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
public sealed class Activations
{
    readonly Dictionary<Module, string> _names = [];
    readonly Dictionary<string, Tensor> _seen = [];

    /// <exception cref="ArgumentException">The model has no module of that name; the message lists those it has.</exception>
    public Activations(Module model, params ReadOnlySpan<string> names)
    {
        var modules = model.Modules().ToDictionary();
        foreach (string name in names)
            _names[modules.TryGetValue(name, out var module) ? module
                : throw new ArgumentException($"{model.GetType().Name} has no layer '{name}'; it has {string.Join(", ", modules.Keys)}")] = name;
    }

    public Tensor this[string name] => _seen.TryGetValue(name, out var t) ? t
        : throw new KeyNotFoundException($"activations: layer '{name}' was not watched, or the pass did not reach it");

    internal Tensor See(Module module, Tensor y)
    {
        if (!_names.TryGetValue(module, out string? name)) return y;
        return _seen[name] = y.RequiresGrad ? y : y.Leaf();
    }
}
