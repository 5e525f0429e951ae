using IlgpuXai.Data;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>The files of the command <c>train</c>: weights, manifest, history; a checkpoint while it lasts.</summary>
public sealed class TrainingRun
{
    readonly string _folder, _name;

    public TrainingRun(string folder, string model) => (_folder, _name) = (folder, model);

    public string Weights => File(".safetensors");
    public string Manifest => File(".json");
    public string History => File(".svg");
    public string Checkpoint => File(".checkpoint");

    /// <exception cref="UserException">There is an earlier training that this call may neither continue nor replace.</exception>
    public void Check(bool resume, bool overwrite)
    {
        if (resume && overwrite) throw new UsageException("--resume and --overwrite contradict each other: continue the training or replace it");
        if (System.IO.File.Exists(_folder)) throw new UserException($"{_folder}: is a file, a folder for the weights was expected");
        if (System.IO.File.Exists(Checkpoint) && !resume && !overwrite)
            throw new UserException($"{Checkpoint}: an unfinished training; continue it with --resume, replace it with --overwrite, or choose another folder with --out");
        if (System.IO.File.Exists(Weights) && !overwrite && !(resume && System.IO.File.Exists(Checkpoint)))
            throw new UserException($"{Weights}: exists; replace it with --overwrite, or choose another folder with --out");
    }

    /// <summary>Trains, tests on the test images, and writes weights, history and manifest; removes the checkpoint when all of them are there.</summary>
    public TrainingManifest Run(Device device, TrainingPlan plan, StudyData data, string commandLine, bool resume, bool overwrite, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Check(resume, overwrite);
        var model = ModelCatalogue.Find(plan.Model);
        Classification.CheckFits(model.InputShape, model.Classes, data.Test);
        var images = data.Training();
        Classification.CheckFits(model.InputShape, model.Classes, images);
        try
        {
            Directory.CreateDirectory(_folder);
            CheckWritable();
            if (overwrite) System.IO.File.Delete(Checkpoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(_folder, $"cannot be written: {e.Message}", e);
        }
        using var network = NetworkTraining.Train(device, plan, images, Weights, Checkpoint, reporter, stop);
        var classified = Classification.Of(network.Frozen, device, data.Test, reporter, stop);
        var manifest = new TrainingManifest(plan.Model, network.Sha256, data.Name, StudyData.Sha256(images), classified.Confusion.Accuracy, data.Test.Count, commandLine, Study.Version, network.Training!);
        AtomicFile.WriteText(History, TrainingHistory.Draw(network.Training!));
        AtomicFile.WriteText(Manifest, Json.Write(manifest));
        System.IO.File.Delete(Checkpoint);
        return manifest;
    }

    // Said now rather than after the first epoch.
    void CheckWritable()
    {
        string probe = File(".probe");
        AtomicFile.WriteText(probe, "IlgpuXai\n");
        System.IO.File.Delete(probe);
    }

    string File(string extension) => Path.Combine(_folder, _name + extension);
}

/// <summary>What a file of weights is and how it came about.</summary>
/// <param name="Sha256">Of the file of weights.</param>
/// <param name="TrainingImagesSha256">Of the training images and labels.</param>
/// <param name="TestAccuracy">On images that took no part in training.</param>
public sealed record TrainingManifest(
    string Model, string Sha256, string Data, string TrainingImagesSha256, double TestAccuracy, int TestImages, string Command, string Program, TrainingOutcome Training);
