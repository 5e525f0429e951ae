using System.Security.Cryptography;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>A classifier with its weights, and where they come from.</summary>
/// <param name="Classes">Names of its classes, where the file of weights has them.</param>
/// <param name="Preprocessing">What the file of weights says that its pictures were; null where it does not say.</param>
/// <param name="Source">For people.</param>
/// <param name="Sha256">Of the file of weights.</param>
public sealed record Network(ImageClassifier Classifier, ClassNames Classes, Preprocessing? Preprocessing, string Source, string Sha256, TrainingOutcome? Training = null) : IDisposable
{
    /// <summary>The classifier with plans, for weights that no longer move.</summary>
    public ImageClassifier Frozen { get; } = PlannedClassifier.Of(Classifier);

    /// <summary>A network for as many classes as the file's weights are for; one of a transfer with its own head.</summary>
    /// <param name="file">A path, or a name of the registry.</param>
    /// <param name="allowMissing">Patterns of names that the file may lack; these weights keep the values of an untrained network.</param>
    /// <exception cref="UnknownNameException">There is no such model.</exception>
    /// <exception cref="StateFileException">The file is missing, malformed, or holds weights of another architecture.</exception>
    public static Network Load(Device device, string model, string file, IReadOnlyList<string>? allowMissing = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        file = WeightFiles.Resolve(file);
        using var state = StateFile.Open(file);
        var init = allowMissing is { Count: > 0 } ? new Initializer(device) : Initializer.Unset(device);
        var f = WeightMetadata.Make(ModelCatalogue.Find(model), init, state);
        try
        {
            f.Load(state, "", allowMissing);
            return new(f, WeightMetadata.ClassesOf(state, f.Classes), WeightMetadata.PreprocessingOf(state), $"weights {System.IO.Path.GetFileName(file)}", HashOf(file));
        }
        catch
        {
            f.Dispose();
            throw;
        }
    }

    /// <summary>The network without its classifier, whether the file has one or not.</summary>
    /// <inheritdoc cref="Load"/>
    public static Network LoadBackbone(Device device, string model, string file)
    {
        ArgumentNullException.ThrowIfNull(device);
        file = WeightFiles.Resolve(file);
        var entry = ModelCatalogue.Find(model);
        using var state = StateFile.Open(file);
        var f = entry.Create(Initializer.Unset(device), classes: 0);
        try
        {
            using var whole = entry.Create(Initializer.Unset(device));
            f.Load(state, allowUnexpected: [.. whole.State().Select(s => s.Name).Except(f.State().Select(s => s.Name))]);
            return new(f, ClassNames.None, WeightMetadata.PreprocessingOf(state), $"weights {System.IO.Path.GetFileName(file)}", HashOf(file));
        }
        catch
        {
            f.Dispose();
            throw;
        }
    }

    /// <summary>Trains a network for a run, inside the run's folder; a run that is continued takes what is finished there.</summary>
    public static Network TrainFor(Device device, Preset preset, ImageSet training, RunFolder folder, IReporter reporter, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(preset);
        ArgumentNullException.ThrowIfNull(folder);
        string weights = folder.File("network.safetensors"), checkpoint = folder.File("training.checkpoint"), history = folder.File("network.json");
        var plan = new TrainingPlan(preset.Model, preset.Training.Epochs, preset.Training.Batch, preset.Training.Rate, Seed: preset.Seed);
        if (File.Exists(history))                        // written last
        {
            var outcome = Json.ReadFile<TrainingOutcome>(history, "replace the run with --overwrite");
            var loaded = Load(device, preset.Model, weights);
            File.Delete(checkpoint);
            return loaded with { Source = $"trained in this run, seed {plan.Seed}", Training = outcome };
        }
        var network = NetworkTraining.Train(device, plan, training, weights, checkpoint, reporter, stop);
        try
        {
            AtomicFile.WriteText(history, Json.Write(network.Training));
            File.Delete(checkpoint);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Dispose() => Frozen.Dispose();                // and the classifier with it
}
