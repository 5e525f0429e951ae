using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>A network that can be named on the command line.</summary>
/// <param name="InputShape">[C, H, W].</param>
public sealed record ModelEntry(string Name, string Description, Shape InputShape, int Classes, long Parameters, Func<Initializer, ImageClassifier> Create);

public static class ModelCatalogue
{
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        new("mnist-cnn", "two 3×3 convolutions, max-pool, two dense layers", [1, 28, 28], 10, 1_199_882, init => new MnistCnn(init)),
    ];

    /// <exception cref="ArgumentException">There is no such model; the message lists those there are.</exception>
    public static ModelEntry Find(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new ArgumentException($"there is no model '{name}'; there are {string.Join(", ", All.Select(m => m.Name))}");
}
