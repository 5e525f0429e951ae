using System.Text.Json.Serialization;
using IlgpuXai.Stats;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>Everything a run found: the content of <c>results.json</c>. Depends on the settings, the data and the network only, so equal runs give equal bytes.</summary>
public sealed record RunResults(
    string Experiment, string Title, string Hypothesis, ProgramOutcome Program, string Device, ulong Seed, DataOutcome Data, NetworkOutcome Network,
    MethodOutcome Method, IReadOnlyList<Region> Regions, IReadOnlyList<SampleOutcome> Groups, double Confidence, IReadOnlyList<TestKind> Tests, IReadOnlyList<Figure> Figures,
    IReadOnlyList<ScoreOutcome> Scores, IReadOnlyList<string> Notes, ReferencePreset? Reference)
{
    /// <summary>The comparison that decides: of the first score.</summary>
    [JsonIgnore]
    public ScoreOutcome Primary => Scores[0];
}

/// <summary>What computed the results.</summary>
public sealed record ProgramOutcome(string Name, string Version, string Runtime);

/// <summary>The images a run looked at.</summary>
/// <param name="Sha256">Of the test images and labels.</param>
public sealed record DataOutcome(string Name, int TestImages, int Height, int Width, string Sha256);

/// <summary>The network a run explained.</summary>
/// <param name="Source">Where the weights come from, for people.</param>
/// <param name="Sha256">Of the file of weights.</param>
public sealed record NetworkOutcome(string Model, string Source, string Sha256, long Parameters, double TestAccuracy, ClassificationReport Report, TrainingOutcome? Training);

/// <summary>How the images were explained; window and stride in pixels.</summary>
public sealed record MethodOutcome(string Name, int Window, int Stride, string Baseline, int PositionsPerImage);

/// <summary>The images explained of one group.</summary>
/// <param name="InTestSet">Images with this label.</param>
/// <param name="Correct">Of these, classified correctly.</param>
/// <param name="Images">Indices in the test set, ascending.</param>
public sealed record SampleOutcome(string Name, int Label, int InTestSet, int Correct, IReadOnlyList<int> Images);
