using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>A name of no layer; the message is one line with the nearest name, or the outermost layers.</summary>
public sealed class UnknownLayerException(string message) : Exception(message);

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
        var modules = model.Modules().ToDictionary();
        foreach (string name in names)
            _names[modules.TryGetValue(name, out var module) ? module : throw new UnknownLayerException(Unknown(name, modules.Keys))] = name;
    }

    public Tensor this[string name] => _seen.TryGetValue(name, out var t) ? t
        : throw new KeyNotFoundException($"activations: layer '{name}' was not watched, or the pass did not reach it");

    internal override bool Wants(Module module) => _names.ContainsKey(module);

    internal override Tensor See(Module module, Tensor y)
    {
        if (!_names.TryGetValue(module, out string? name)) return y;
        return _seen[name] = y.RequiresGrad ? y : y.Leaf();
    }

    // Deep networks have hundreds of layers: where none is near, those directly below the model say where to look.
    static string Unknown(string name, IReadOnlyCollection<string> all) =>
        NearestName.Of(name, all) is null ? NearestName.Unknown("layer", name, [.. all.Where(n => n.Length > 0 && !n.Contains('.', StringComparison.Ordinal))]) : NearestName.Unknown("layer", name, [.. all]);
}
