namespace IlgpuXai.Experiments;

/// <summary>A way to explain that can be named on the command line.</summary>
public sealed record MethodEntry(string Name, string Description, string Source);

public static class MethodCatalogue
{
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        new("occlusion", "covers a sliding window and maps how far the score drops; averaged over the windows that cover a pixel", "Zeiler and Fergus 2014"),
    ];

    /// <exception cref="UnknownNameException">There is no such method.</exception>
    public static MethodEntry Find(string name) => All.FirstOrDefault(m => m.Name == name) ?? throw new UnknownNameException("method", name, [.. All.Select(m => m.Name)]);
}
