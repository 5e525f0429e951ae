using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>A run was stopped by the user; what is finished is kept.</summary>
public sealed class StoppedException(string message) : UserException(message);

/// <summary>
/// Executes an experiment: data → network → test accuracy → maps of correctly classified images → regional means → tests → results, scores, report.
/// Each finished image is one file, so a stopped run continues where it was; results depend on the settings only.
/// </summary>
public sealed class Study
{
    readonly Preset _preset;
    readonly RunOptions _options;
    readonly Device _device;
    readonly IReporter _reporter;
    readonly List<(string Stage, TimeSpan Time)> _timings = [];

    public Study(Preset preset, RunOptions options, Device device, IReporter? reporter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_preset, _options, _device, _reporter) = (options.Apply(preset), options, device, reporter ?? new Silent());
    }

    public static string Version { get; } =
        typeof(Study).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <exception cref="UserException">Settings, data, weights or the folder cannot be used; nothing has been written then.</exception>
    /// <exception cref="StoppedException">Stopped after finishing an image; the run can be resumed.</exception>
    public RunResults Run(CancellationToken stop = default)
    {
        RunFolder.Check(_options.Out, _options.Resume, _options.Overwrite);
        var data = Timed("data", () => StudyData.Load(_options.Data, _preset.Data, _preset.Seed));
        var method = Method([data.Test.Channels, data.Test.Height, data.Test.Width]);
        var shape = new OccludeShape(data.Test.Channels, data.Test.Height, data.Test.Width, method.WindowH, method.WindowW, method.StrideH, method.StrideW);
        var regions = Region.Rows(_preset.Regions, data.Test.Height);
        string sha256 = StudyData.Sha256(data.Test);

        using var loaded = _options.Train ? null : Timed("weights", () => Network.Load(_device, _preset.Model, _options.Weights ?? WeightFiles.Find(_preset.Weights)));
        var training = loaded is null ? Timed("training data", data.Training) : null;
        CheckFits(data.Test, training);
        var identity = Identity(sha256, loaded, training);
        if (_options.Resume) RunFolder.CheckSame(_options.Out, identity);

        // Whatever can be refused is refused before the folder is touched; what has to be trained first cannot be.
        var (classified, groups) = loaded is null ? default : Examine(loaded, data, stop);
        var folder = RunFolder.Open(_options.Out, identity, _options.Resume, _options.Overwrite);
        using var trained = training is null ? null : Timed("training", () => Network.TrainFor(_device, _preset, training, folder, _reporter, stop));
        var network = loaded ?? trained!;
        if (trained is not null) (classified, groups) = Examine(trained, data, stop);
        var images = Timed("explanations", () => Explain(groups, data.Test, classified, network.Frozen, method, folder, stop));

        var results = new RunResults(_preset.Name, _preset.Title, _preset.Hypothesis, new("IlgpuXai", Version, $".NET {Environment.Version}"), _device.Name, _preset.Seed,
            new(data.Name, data.Test.Count, data.Test.Height, data.Test.Width, sha256),
            new(_preset.Model, network.Source, network.Sha256, network.Classifier.ParameterCount, classified.Confusion.Accuracy, classified.Report, network.Training),
            new(_preset.Method.Name, method.WindowH, method.StrideH, method.Baseline.ToString(), shape.Positions),
            regions, groups, _preset.Confidence, _preset.Tests, _preset.Figures,
            Timed("statistics", () => Compare(groups, images, regions)), Notes(groups), _preset.Reference);
        AtomicFile.WriteText(folder.File("results.json"), Json.Write(results));
        AtomicFile.WriteText(folder.File("scores.csv"), ScoreTable.Write(images, _preset.Scores, regions));
        AtomicFile.WriteText(folder.File("report.html"), RunReport.Write(results, images, new(_options.CommandLine, $"{_device.Name}: {_device.Description}", DateTimeOffset.UtcNow, _timings)));
        return results;
    }

    // Maps of the logit and of the probability come from the same passes: that is what runs record.
    Occlusion Method(Shape image) => MethodCatalogue.Find(_preset.Method.Name).Create(_preset.Method, image) as Occlusion
        ?? throw new UsageException($"method '{_preset.Method.Name}': an experiment compares maps of occlusion; explain has the other methods");

    void CheckFits(ImageSet test, ImageSet? training)
    {
        var model = ModelCatalogue.Find(_preset.Model);
        Classification.CheckFits(model.InputShape, model.Classes, test);
        if (training is not null) Classification.CheckFits(model.InputShape, model.Classes, training);
    }

    (Classification Classified, SampleOutcome[] Groups) Examine(Network network, StudyData data, CancellationToken stop)
    {
        var classified = Timed("test accuracy", () => Classification.Of(network.Frozen, _device, data.Test, _reporter, stop));
        _reporter.Note($"test accuracy {classified.Confusion.Accuracy * 100:0.00} % on {data.Test.Count} images ({data.Name})");
        return (classified, [.. _preset.Groups.Select(g => Sample.Draw(g, data.Test, classified, _preset.ImagesPerGroup, _preset.Seed))]);
    }

    // Whatever the results depend on. Threads, memory and folders are not here: they change no bit.
    JsonObject Identity(string dataSha256, Network? loaded, ImageSet? training)
    {
        var preset = JsonSerializer.SerializeToNode(_preset, Json.Options)!.AsObject();
        if (loaded is not null) preset.Remove("training");
        var identity = new JsonObject
        {
            ["program"] = Version,
            ["device"] = _device.Name,
            ["data"] = dataSha256,
            ["weights"] = loaded?.Sha256 ?? "trained in this run",
            ["settings"] = preset,
        };
        if (training is not null) identity["trainingData"] = StudyData.Sha256(training);
        return identity;
    }

    List<ExplainedImage> Explain(SampleOutcome[] groups, ImageSet images, Classification classified, ImageClassifier f, Occlusion method, RunFolder folder, CancellationToken stop)
    {
        const int together = 32;
        var occluder = new Occluder(method, f, _device, _options.MemoryBudget);
        var explained = new List<ExplainedImage>();
        int total = groups.Sum(g => g.Images.Count), done = 0;
        using var stage = _reporter.Begin("explaining", "images", total);
        foreach (var group in groups)
            foreach (int[] some in group.Images.Chunk(together))
            {
                var maps = new Dictionary<int, OcclusionMaps>();
                foreach (int index in some)
                    if (folder.MapFile(group.Name, index) is var file && File.Exists(file)) Take(index, MapFile.Read(file, images.Height, images.Width));
                int[] fresh = [.. some.Where(i => !maps.ContainsKey(i))];
                using (_device.Scope())
                {
                    var x = _device.Tensor([fresh.Length, images.Channels, images.Height, images.Width], [.. fresh.SelectMany(images.Image)]);
                    occluder.Explain(x, [.. fresh.Select(_ => group.Label)], (i, found) =>
                    {
                        Stop();
                        MapFile.Write(folder.MapFile(group.Name, fresh[i]), found);
                        Take(fresh[i], found);
                    });
                }
                foreach (int index in some)
                {
                    var scores = Scores.Of(classified.LogitsOf(index), group.Label);
                    explained.Add(new(index, group.Name, group.Label, images.Image(index), scores.Logit, scores.Probability, maps[index]));
                }

                void Take(int index, OcclusionMaps found)
                {
                    maps[index] = found;
                    done++;
                    stage.Advance();
                }
            }
        return explained;

        void Stop()
        {
            if (stop.IsCancellationRequested)
                throw new StoppedException($"stopped after {done} of {total} images; nothing finished is lost: repeat the command with --resume to continue");
        }
    }

    IReadOnlyList<ScoreOutcome> Compare(SampleOutcome[] groups, List<ExplainedImage> images, IReadOnlyList<Region> regions) =>
        [.. _preset.Scores.Select(score => GroupComparison.Of(score,
            groups[0].Name, [.. images.Where(i => i.Group == groups[0].Name).Select(i => i.Map(score))],
            groups[1].Name, [.. images.Where(i => i.Group == groups[1].Name).Select(i => i.Map(score))], regions, _preset.Confidence))];

    IReadOnlyList<string> Notes(SampleOutcome[] groups) =>
        [.. groups.Where(g => g.Images.Count < _preset.ImagesPerGroup).Select(g =>
            $"{_preset.ImagesPerGroup} images of {g.Name} were asked for, {g.Images.Count} are classified correctly; all of these were explained.")];

    T Timed<T>(string stage, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        var result = work();
        _timings.Add((stage, watch.Elapsed));
        return result;
    }
}
