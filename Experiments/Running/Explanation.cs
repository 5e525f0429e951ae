using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>How pictures are explained and drawn.</summary>
public sealed record ExplainOptions
{
    public required string Out { get; init; }
    public required MethodPreset Method { get; init; }

    /// <summary>Null: the class the network predicts.</summary>
    public int? Target { get; init; }

    public ColourMap Colours { get; init; } = ColourMap.BlueRed;
    public double Alpha { get; init; } = 0.8;

    /// <summary>Null: as far as the longer side stays within 280 pixels.</summary>
    public int? Zoom { get; init; }

    /// <summary>Write what the method found, unscaled, as .npy.</summary>
    public bool Npy { get; init; }

    /// <summary>Steps of the deletion and insertion curves; null: none.</summary>
    public int? Curves { get; init; }
}

/// <summary>Areas under the curves of <see cref="PixelCurves"/>, mean probabilities: a small one of deletion and a large one of insertion speak for a map.</summary>
public sealed record CurveAreas(double Deletion, double Insertion)
{
    internal static CurveAreas Of((PixelCurve Deletion, PixelCurve Insertion) curves) => new(curves.Deletion.Area, curves.Insertion.Area);
}

/// <summary>The explanation of one picture.</summary>
/// <param name="Probability">Of the target, in [0, 1].</param>
/// <param name="Largest">The largest value of the map.</param>
/// <param name="Passes">Images that went through the network.</param>
/// <param name="Residual">What the map misses of what the method promises, in units of the score: <see cref="Attribution.Residual"/>.</param>
/// <param name="Curves">How the probability falls and rises with the pixels that the map names; null where it was not asked for.</param>
public sealed record Explanation(
    string Picture, string? Note, string Method, int Target, string? TargetName, double Probability, double Largest, int Passes, double? Residual, CurveAreas? Curves, IReadOnlyList<string> Files)
{
    const int PreferredSide = 280;

    /// <exception cref="UserException">A setting that does not fit the network, or two pictures whose results would have one name.</exception>
    /// <exception cref="DataException">A file is no readable picture, or results cannot be written; what was explained before it is written.</exception>
    public static IReadOnlyList<Explanation> Of(Network network, Device device, IReadOnlyList<string> pictures, Preprocessing preprocessing, ExplainOptions options, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        var f = network.Frozen;
        if (options.Target is { } t && t >= f.Classes) throw new UsageException($"--target {t}: the network knows the classes 0 to {f.Classes - 1}");
        if (options.Method.Layer is { } layer && !f.Modules().Any(m => m.Name == layer)) _ = new Activations(f, layer);       // says which is near
        PictureInput.CheckFits(preprocessing, f);
        if (pictures.GroupBy(Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"{string.Join(" and ", twice)} would be written to one file; explain them in separate folders with --out");
        if (options.Curves is { } steps && steps > f.InputShape[1] * f.InputShape[2]) throw new UsageException($"--curves {steps}: images have {f.InputShape[1] * f.InputShape[2]} pixels");
        var method = MethodCatalogue.Find(options.Method.Name).Create(options.Method, f.InputShape);
        var results = new List<Explanation>();
        using var stage = reporter.Begin("explaining", "pictures", pictures.Count);
        foreach (var some in PictureInput.ReadTogether(pictures, preprocessing))
        {
            using var scope = device.Scope();
            var x = PictureInput.Images(device, some);
            float[][] logits = [.. f.Forward(x).ToArray().Chunk(f.Classes)];
            int[] targets = Array.ConvertAll(logits, row => options.Target ?? Array.IndexOf(row, row.Max()));
            Stop();
            method.ExplainAll(f, x, targets, (i, found) =>
            {
                Stop();
                var curves = options.Curves is { } steps ? CurveAreas.Of(new PixelCurves(steps).Of(f, x.Slice(0, i, 1), targets[i], found.Map)) : null;
                var files = Write(some[i], found, options);
                results.Add(new(some[i].Path, some[i].Note, options.Method.Name, targets[i], network.Classes[targets[i]], Scores.Of(logits[i], targets[i]).Probability, found.Map.Values.Max(), found.Passes, found.Residual, curves, files));
                stage.Advance();
            });
        }
        return results;

        void Stop()
        {
            if (stop.IsCancellationRequested) throw new StoppedException($"stopped after {results.Count} of {pictures.Count} pictures");
        }
    }

    static List<string> Write(PictureInput picture, Attribution found, ExplainOptions options)
    {
        CreateFolder(options.Out);
        string file = Path.Combine(options.Out, $"{Name(picture.Path)}-{options.Method.Name}");
        List<string> files = [file + ".png"];
        PngFile.Write(files[0], Overlay(picture, found, options).ToImage());
        if (options.Npy)
        {
            files.Add(file + ".npy");
            WriteRaw(files[1], found);
        }
        return files;
    }

    static void WriteRaw(string file, Attribution found)
    {
        if (found.Channels is { Count: > 0 } channels) Npy.Write(file, [.. channels.SelectMany(c => c.Values)], channels.Count, found.Map.Height, found.Map.Width);
        else Npy.Write(file, found.Map.Values, found.Map.Height, found.Map.Width);
    }

    static Picture Overlay(PictureInput picture, Attribution found, ExplainOptions options)
    {
        // A few pixels of a gradient outshine all others: 1 % of them may lie beyond the ends of the colours.
        double shown = found.Channels.Count > 0 ? 0.99 : 1;
        var image = Render.Image(picture.Picture.ToPlanes(), picture.Picture.Channels, picture.Picture.Height, picture.Picture.Width);
        var map = Render.Stretch(found.Map, image.Height, image.Width);
        return Render.Enlarge(Render.Overlay(image, map, options.Colours, ColourScale.For(options.Colours, [map], shown), options.Alpha), options.Zoom ?? Math.Max(1, PreferredSide / Math.Max(map.Height, map.Width)));
    }

    static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    static void CreateFolder(string path)
    {
        try { Directory.CreateDirectory(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new DataException(path, $"cannot be written: {e.Message}", e); }
    }
}
