using System.Text.Json;

namespace IlgpuXai.Experiments;

/// <summary>The experiments the program knows.</summary>
public static class PresetCatalogue
{
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(PresetCatalogue).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".json", StringComparison.Ordinal)).Select(n => n[..^5]).Order(StringComparer.Ordinal)];

    /// <exception cref="UnknownNameException">There is no such experiment.</exception>
    public static Preset Get(string name)
    {
        if (!Names.Contains(name)) throw new UnknownNameException("experiment", name, Names);
        using var stream = typeof(PresetCatalogue).Assembly.GetManifestResourceStream(name + ".json")!;
        return JsonSerializer.Deserialize<Preset>(stream, Json.Options) ?? throw new InvalidDataException($"{name}.json is empty");
    }
}
