using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Models;

/// <summary>A network that can be named on the command line.</summary>
/// <param name="InputShape">[C, H, W].</param>
public sealed record ModelEntry(string Name, string Description, Shape InputShape, int Classes, long Parameters, Func<Initializer, ImageClassifier> Create);

/// <summary>A name of no model; the message is one line with the nearest name, or all of them.</summary>
public sealed class UnknownModelException(string message) : Exception(message);

/// <summary>The networks that can be named.</summary>
public static class ModelCatalogue
{
    /// <summary>By the names that the command line uses.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        new("mnist-cnn", "two 3×3 convolutions, max-pool, two dense layers", [1, 28, 28], 10, 1_199_882, init => new MnistCnn(init)),
    ];

    /// <exception cref="UnknownModelException">There is no such model.</exception>
    public static ModelEntry Find(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new UnknownModelException(NearestName.Unknown("model", name, [.. All.Select(m => m.Name)]));
}
