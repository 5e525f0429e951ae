using System.Text.Json;

namespace IlgpuXai.Experiments;

/// <summary>The weights the program knows by name.</summary>
public static class WeightRegistry
{
    public static IReadOnlyList<WeightEntry> All { get; } = Read();

    public static WeightEntry? Find(string name) => All.FirstOrDefault(e => e.Name == name);

    /// <exception cref="UnknownNameException">There are no weights of that name.</exception>
    public static WeightEntry Get(string name) => Find(name) ?? throw new UnknownNameException("weights", name, [.. All.Select(e => e.Name)]);

    static WeightEntry[] Read()
    {
        using var stream = typeof(WeightRegistry).Assembly.GetManifestResourceStream("weights/manifest")!;
        return JsonSerializer.Deserialize<WeightEntry[]>(stream, Json.Options) ?? throw new InvalidDataException("weights/manifest.json is empty");
    }
}
