using IlgpuXai.Engine;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>A way to explain that can be named on the command line.</summary>
/// <param name="Create">
/// The method with these settings, for images of this shape [C, H, W].
/// Throws a <see cref="UsageException"/> where the baseline is none, or is meant for another number of channels.
/// </param>
public sealed record MethodEntry(string Name, string Description, string Source, Func<MethodPreset, Shape, IAttribution> Create);

/// <summary>The methods that can be named, in a preset or on the command line.</summary>
public static class MethodCatalogue
{
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        new("saliency", "the largest |gradient| of the score over a pixel's channels; --signed: their sum", "Simonyan et al. 2014", (m, _) => new Saliency(m.Signed, m.Score)),
        new("input-x-gradient", "input times gradient, summed over channels", "Shrikumar et al. 2016", (m, _) => new InputXGradient(m.Score)),
        new("integrated-gradients", "the gradient averaged on the way from a baseline, times the way; sums to the difference of the scores", "Sundararajan et al. 2017",
            (m, image) => new IntegratedGradients(BaselineFor(m.Baseline, image[0]), StepsFor(m), m.Rule, m.Tolerance, m.Score)),
        new("grad-cam", "a layer's maps weighted by their mean gradients; --signed: without the final ReLU", "Selvaraju et al. 2017", (m, _) => new GradCam(m.Layer, m.Signed, m.Score)),
        new("occlusion", "covers a sliding window and maps how far the score drops; averaged over the windows that cover a pixel", "Zeiler and Fergus 2014",
            (m, image) => new Occlusion(m.Window, m.Window, m.Stride, m.Stride, BaselineFor(m.Baseline, image[0]), m.Score, m.Reach)),
        new("feature-ablation", "covers one segment after the other and maps how far the score drops", "Zeiler and Fergus 2014",
            (m, image) => new FeatureAblation(SegmentsFor(m.Segments, image), BaselineFor(m.Baseline, image[0]), m.Score)),
        new("lime", "covers random segments and fits a linear model to the scores; maps its coefficients", "Ribeiro et al. 2016",
            (m, image) => new Lime(SegmentsFor(m.Segments, image), BaselineFor(m.Baseline, image[0]), m.Samples ?? 1000, Seed: m.Seed, Score: m.Score)),
        new("rise", "the mean of random soft masks, weighted by how much more score than the average they leave", "Petsiuk et al. 2018",
            (m, image) => new Rise(m.Samples ?? 4000, m.Cells, Baseline: BaselineFor(m.Baseline, image[0]), Seed: m.Seed, Centred: true, Score: m.Score)),
        new("score-cam", "a layer's maps weighted by the scores they leave as masks; --signed: without the final ReLU", "Wang et al. 2020",
            (m, image) => new ScoreCam(m.Layer, m.Signed, BaselineFor(m.Baseline, image[0]), m.Score)),
        new("ablation-cam", "a layer's maps weighted by how far the score drops without them; --signed: without the final ReLU", "Desai and Ramaswamy 2020", (m, _) => new AblationCam(m.Layer, m.Signed, m.Score)),
    ];

    /// <exception cref="UnknownNameException">There is no such method.</exception>
    public static MethodEntry Find(string name) => All.FirstOrDefault(m => m.Name == name) ?? throw new UnknownNameException("method", name, [.. All.Select(m => m.Name)]);

    static int StepsFor(MethodPreset settings) => settings is { Rule: PathRule.Trapezoid, Steps: 1 } ? throw new UsageException("--steps 1: the trapezoid rule needs both ends of the path, 2 steps at least") : settings.Steps;

    static Segments SegmentsFor(string text, Shape image)
    {
        Segments segments;
        try { segments = Segments.Parse(text); }
        catch (FormatException e) { throw new UsageException(e.Message, e); }
        return segments.Fit(image[1], image[2]) ? segments : throw new UsageException($"segments '{text}' do not fit images of {image[1]}×{image[2]}");
    }

    static Baseline BaselineFor(string text, int channels)
    {
        Baseline baseline;
        try { baseline = Baseline.Parse(text); }
        catch (FormatException e) { throw new UsageException(e.Message, e); }
        return baseline.Channels is not { } values || values == channels ? baseline
            : throw new UsageException($"baseline '{text}': {values} values for images of {channels} channel{(channels == 1 ? "" : "s")}");
    }
}
