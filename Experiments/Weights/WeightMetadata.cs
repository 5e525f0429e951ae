using System.Text.Json;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>What a file of weights says of the network it belongs to: in its text, where this program wrote it, and in the shapes of its arrays.</summary>
static class WeightMetadata
{
    public const string Model = "model", Head = "head", Classes = "classes", Preprocessing = "preprocessing";

    /// <summary>The architecture, for as many classes as the file's last layer has, or with the head of a transfer.</summary>
    public static ImageClassifier Make(ModelEntry model, Initializer init, IStateFile file)
    {
        if (file.Metadata.TryGetValue(Head, out string? head) && Enum.TryParse(head, ignoreCase: true, out HeadKind kind) && Last(file, "top.") is { } classes)
        {
            var backbone = model.Create(init, classes: 0);
            return new TransferClassifier(backbone, new TransferPlan(model.Name, kind, 1, 1).Top(init, classes), classes);
        }
        var f = model.Create(init);
        string last = f.Parameters().Last().Name;
        if (!file.Names.Contains(last) || file.ShapeOf(last) is not { Rank: 1 } shape || shape[0] == f.Classes || shape[0] < 1) return f;
        f.Dispose();
        return model.Create(init, shape[0]);
    }

    public static ClassNames ClassesOf(IStateFile file, int classes)
    {
        if (!file.Metadata.TryGetValue(Classes, out string? text)) return ClassNames.None;
        try { return JsonSerializer.Deserialize<string[]>(text) is { } names && names.Length == classes ? new(names) : ClassNames.None; }
        catch (JsonException) { return ClassNames.None; }                    // somebody else's word of that name
    }

    public static Preprocessing? PreprocessingOf(IStateFile file)
    {
        if (!file.Metadata.TryGetValue(Preprocessing, out string? text)) return null;
        try { return Data.Preprocessing.Parse(text); }
        catch (FormatException) { return null; }
    }

    // Outputs of the last layer below a name: the length of the bias that comes last.
    static int? Last(IStateFile file, string below) =>
        file.Names.Where(n => n.StartsWith(below, StringComparison.Ordinal) && n.EndsWith(".bias", StringComparison.Ordinal) && file.ShapeOf(n).Rank == 1).Order(StringComparer.Ordinal).LastOrDefault() is { } name
            ? file.ShapeOf(name)[0] : null;
}
