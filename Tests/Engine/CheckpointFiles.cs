using System.Text.Json;

namespace IlgpuXai.Tests;

/// <summary>What <c>Goldens/checkpoints.py</c> made: files in <c>Goldens/checkpoints</c>, and in <c>checkpoints.json</c> what they hold.</summary>
static class CheckpointFiles
{
    static string Folder => Path.Combine(SharedFiles.Root, "Tests", "Engine", "Goldens");

    public static string At(string name) => Path.Combine(Folder, "checkpoints", name);

    public static JsonElement Json { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "checkpoints.json"))).RootElement;

    public static IEnumerable<string> Readable => Json.GetProperty("expected").EnumerateObject().Select(f => f.Name);
}
