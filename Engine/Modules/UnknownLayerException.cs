namespace IlgpuXai.Engine;

/// <summary>A name of no layer; the message is one line with the nearest name, or the outermost layers.</summary>
public sealed class UnknownLayerException(string message) : Exception(message)
{
    internal static Module Find(Module model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        var modules = model.Modules().ToDictionary();
        return modules.TryGetValue(name, out var module) ? module : throw new UnknownLayerException(Unknown(name, modules.Keys));
    }

    // Deep networks have hundreds of layers: where none is near, those directly below the model say where to look.
    static string Unknown(string name, IReadOnlyCollection<string> all) =>
        NearestName.Of(name, all) is null ? NearestName.Unknown("layer", name, [.. all.Where(n => n.Length > 0 && !n.Contains('.', StringComparison.Ordinal))]) : NearestName.Unknown("layer", name, [.. all]);
}
