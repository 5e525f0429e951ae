using System.Security.Cryptography;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>A classifier with its weights, and where they come from.</summary>
/// <param name="Source">For people.</param>
/// <param name="Sha256">Of the file of weights.</param>
public sealed record Network(ImageClassifier Classifier, string Source, string Sha256, TrainingOutcome? Training) : IDisposable
{
    /// <param name="file">A path, or a name of the registry.</param>
    /// <param name="allowMissing">Patterns of names that the file may lack; these weights keep the values of an untrained network.</param>
    /// <exception cref="UnknownNameException">There is no such model.</exception>
    /// <exception cref="StateFileException">The file is missing, malformed, or holds weights of another architecture.</exception>
    public static Network Load(Device device, string model, string file, IReadOnlyList<string>? allowMissing = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        file = WeightFiles.Resolve(file);
        var f = ModelCatalogue.Find(model).Create(new Initializer(device));
        try
        {
            f.Load(file, allowMissing);
            return new(f, $"weights {System.IO.Path.GetFileName(file)}", HashOf(file), null);
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

    public void Dispose() => Classifier.Dispose();
}
