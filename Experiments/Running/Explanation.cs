using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>How pictures are explained and drawn.</summary>
public sealed record ExplainOptions
{
    public required string Out { get; init; }

    /// <summary>A name of <see cref="MethodCatalogue"/>.</summary>
    public string Method { get; init; } = "occlusion";

    /// <summary>Null: the class the network predicts.</summary>
    public int? Target { get; init; }

    public ClassScore Score { get; init; }

    /// <summary>Null: a quarter of the shorter side.</summary>
    public int? Window { get; init; }

    public int Stride { get; init; } = 1;
    public string Baseline { get; init; } = "0";
    public ColourMap Colours { get; init; } = ColourMap.BlueRed;
    public double Alpha { get; init; } = 0.8;

    /// <summary>Null: as far as the longer side stays within 280 pixels.</summary>
    public int? Zoom { get; init; }

    public bool Npy { get; init; }
}

/// <summary>The explanation of one picture.</summary>
/// <param name="Probability">Of the target, uncovered.</param>
/// <param name="Largest">The largest value of the map.</param>
public sealed record Explanation(string Picture, string? Note, int Target, double Probability, double Largest, IReadOnlyList<string> Files)
{
    const int PreferredSide = 280;

    /// <exception cref="UserException">A setting that does not fit the pictures, or two pictures whose results would have one name.</exception>
    public static IReadOnlyList<Explanation> Of(ImageClassifier f, Device device, IReadOnlyList<PictureInput> pictures, ExplainOptions options, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        if (options.Target is { } t && t >= f.Classes) throw new UsageException($"--target {t}: the network knows the classes 0 to {f.Classes - 1}");
        if (pictures.GroupBy(p => Name(p.Path)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"{string.Join(" and ", twice.Select(p => p.Path))} would be written to one file; explain them in separate folders with --out");
        var occluder = new Occluder(MethodCatalogue.Find(options.Method).Create(Settings(f, options), f.InputShape), f, device);
        var results = new List<Explanation>();
        using var stage = reporter.Begin("explaining", "pictures", pictures.Count);
        foreach (var picture in pictures)
        {
            if (stop.IsCancellationRequested) throw new StoppedException($"stopped after {results.Count} of {pictures.Count} pictures");
            results.Add(One(f, device, occluder, picture, options));
            stage.Advance();
        }
        return results;
    }

    static MethodPreset Settings(ImageClassifier f, ExplainOptions options) =>
        new(options.Method, options.Window ?? Math.Max(1, Math.Min(f.InputShape[1], f.InputShape[2]) / 4), options.Stride, options.Baseline);

    static Explanation One(ImageClassifier f, Device device, Occluder occluder, PictureInput picture, ExplainOptions options)
    {
        var (channels, height, width) = (f.InputShape[0], f.InputShape[1], f.InputShape[2]);
        float[] logits = Prediction.Logits(f, device, picture.Values);
        int target = options.Target ?? Array.IndexOf(logits, logits.Max());
        using var scope = device.Scope();
        var maps = occluder.Explain(device.Tensor([1, channels, height, width], picture.Values), target);
        var map = options.Score == ClassScore.Logit ? maps.Logit : maps.Probability;

        CreateFolder(options.Out);
        var files = new List<string> { Path.Combine(options.Out, $"{Name(picture.Path)}-occlusion.png") };
        PngFile.Write(files[0], Overlay(picture, map, channels, options).ToImage());
        if (options.Npy)
        {
            files.Add(Path.Combine(options.Out, $"{Name(picture.Path)}-occlusion.npy"));
            Npy.Write(files[1], map.Values, map.Height, map.Width);
        }
        return new(picture.Path, picture.Note, target, Scores.Of(logits, target).Probability, map.Values.Max(), files);
    }

    static Picture Overlay(PictureInput picture, Map map, int channels, ExplainOptions options)
    {
        var image = Render.Image(picture.Values, channels, map.Height, map.Width);
        return Render.Enlarge(Render.Overlay(image, map, options.Colours, ColourScale.For(options.Colours, [map]), options.Alpha), options.Zoom ?? Math.Max(1, PreferredSide / Math.Max(map.Height, map.Width)));
    }

    static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    static void CreateFolder(string path)
    {
        try { Directory.CreateDirectory(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new DataException(path, $"cannot be written: {e.Message}", e); }
    }
}
