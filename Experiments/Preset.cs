using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>An experiment as data: what is asked, of which images, with which network and method, and how the answer is tested. One JSON file in <c>presets/</c>.</summary>
/// <param name="Name">The word that runs it.</param>
/// <param name="Title">The question, for the head of the report.</param>
/// <param name="Hypothesis">The claim under test, in a sentence.</param>
/// <param name="Groups">Two groups of images; differences are first minus second.</param>
/// <param name="ImagesPerGroup">Explained images of each group, drawn by <paramref name="Seed"/> among those classified correctly.</param>
/// <param name="Model">A name of <see cref="ModelCatalogue"/>.</param>
/// <param name="Weights">A file in the folder <c>weights</c>.</param>
/// <param name="Scores">What is explained; the first one decides the answer.</param>
/// <param name="Regions">Names of equal horizontal bands of the image, from the top; see <see cref="Region.Rows"/>.</param>
/// <param name="Tests">Every test is reported, the first one decides the answer.</param>
/// <param name="Confidence">Of all intervals; 1 − confidence is the level of the tests.</param>
/// <param name="Figures">In the order of the report.</param>
/// <param name="Reference">Numbers of an earlier study, for orientation only.</param>
public sealed record Preset(
    string Name, string Title, string Hypothesis, GeneratedPreset Data, IReadOnlyList<GroupPreset> Groups, int ImagesPerGroup,
    string Model, string Weights, TrainingPreset Training, MethodPreset Method, IReadOnlyList<ClassScore> Scores,
    IReadOnlyList<string> Regions, IReadOnlyList<TestKind> Tests, double Confidence, IReadOnlyList<Figure> Figures, ulong Seed, ReferencePreset? Reference = null);

/// <summary>Sizes of the generated data set that stands in where no data folder is given.</summary>
public sealed record GeneratedPreset(int GeneratedTrain, int GeneratedTest)
{
    /// <summary>For commands without a preset.</summary>
    public static GeneratedPreset Default { get; } = new(20000, 4000);
}

/// <summary>A group of images: those of one class.</summary>
/// <param name="Name">In sentences and tables.</param>
/// <param name="Label">The class, from 0.</param>
public sealed record GroupPreset(string Name, int Label);

/// <summary>How the network is trained where no weights are taken: Adam, cosine schedule.</summary>
public sealed record TrainingPreset(int Epochs, int Batch, double Rate);

/// <summary>How images are explained: a method and the settings of all of them, of which each takes its own.</summary>
/// <param name="Name">A name of <see cref="MethodCatalogue"/>.</param>
/// <param name="Window">Rows and columns of the covering window, pixels.</param>
/// <param name="Stride">Pixels from one position to the next.</param>
/// <param name="Baseline">As <see cref="Xai.Baseline.Parse"/> reads it; in the numbers that the network takes.</param>
public sealed record MethodPreset(string Name, int Window, int Stride, string Baseline)
{
    /// <summary>What is explained, for methods that explain one score at a time.</summary>
    public ClassScore Score { get; init; }

    /// <summary>Gradients on the path from baseline to image.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>How they are placed and weighted.</summary>
    public PathRule Rule { get; init; }

    /// <summary>The residual of completeness at which refining ends; null: no refining.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Below 1, an approximation of occlusion: <see cref="Occlusion.Reach"/>.</summary>
    public double Reach { get; init; } = 1;

    /// <summary>As <see cref="Xai.Segments.Parse"/> reads it.</summary>
    public string Segments { get; init; } = "slic:50";

    /// <summary>Random variants that are scored; null: as many as the method's authors take.</summary>
    public int? Samples { get; init; }

    /// <summary>Cells along an axis of a random mask.</summary>
    public int Cells { get; init; } = 7;

    /// <summary>Of random variants.</summary>
    public ulong Seed { get; init; }

    /// <summary>A module of the network by its name; null: the last spatial activations.</summary>
    public string? Layer { get; init; }

    /// <summary>Keep signs that a method drops by definition.</summary>
    public bool Signed { get; init; }
}

/// <summary>What an earlier study found, shown beside the results and never computed with.</summary>
/// <param name="Source">Which study.</param>
/// <param name="Means">Its mean sensitivities.</param>
/// <param name="Test">Its test, as it states it.</param>
/// <param name="Remark">What a reader must know before comparing.</param>
public sealed record ReferencePreset(string Source, IReadOnlyList<ReferenceGroup> Means, string Test, string Remark);

/// <summary>One group of an earlier study: its mean sensitivity per region, from the top.</summary>
public sealed record ReferenceGroup(string Group, IReadOnlyList<double> Regions);

/// <summary>A two-sided test of two independent groups.</summary>
public enum TestKind
{
    /// <summary>t-test of the means, variances may differ.</summary>
    Welch,

    /// <summary>t-test of the means, one variance for both groups.</summary>
    Student,

    /// <summary>Rank test: does one group tend to larger values?</summary>
    MannWhitney,
}

/// <summary>A figure of the report.</summary>
public enum Figure
{
    /// <summary>Single images with their maps.</summary>
    Examples,

    /// <summary>The mean map of each group.</summary>
    MeanMaps,

    /// <summary>Bars of the regional means.</summary>
    Regions,

    /// <summary>How the scores of single images spread.</summary>
    Histogram,
}
