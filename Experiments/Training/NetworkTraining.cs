using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>Trains a network of the catalogue and writes its weights.</summary>
public static class NetworkTraining
{
    /// <summary>Trains, or goes on from the checkpoint if there is one, and writes the best epoch's weights.</summary>
    /// <remarks>The checkpoint stays. Whoever asked removes it when everything that follows from the training is on disk; until then nothing has to be trained twice.</remarks>
    /// <exception cref="TrainingException">The loss is no longer a number.</exception>
    /// <exception cref="StateFileException">The checkpoint is of another training, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Finished epochs stand in the checkpoint.</exception>
    public static Network Train(Device device, TrainingPlan plan, ImageSet images, string weightsFile, string checkpointFile, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(reporter);
        var f = ModelCatalogue.Find(plan.Model).Create(new Initializer(device, plan.Seed));
        try
        {
            Classification.CheckFits(f.InputShape, f.Classes, images);
            var (kept, heldOut) = Split(images.Count, plan);
            var training = new ImageBatches(images, kept, plan.Batch, plan.Seed);
            var validation = heldOut.Length == 0 ? null : new ImageBatches(images, heldOut, 200);
            var options = new TrainingOptions(plan.Epochs, plan.LearningRate())
            {
                Seed = plan.Seed, BestBy = BestBy.Accuracy, KeepBest = validation is not null, Patience = plan.Patience,
                Checkpoint = checkpointFile, Data = StudyData.Sha256(images),
            };
            var outcome = Fit(device, f, plan, options, training, validation, reporter, stop);
            f.Save(weightsFile, (WeightMetadata.Model, plan.Model), ("program", $"IlgpuXai {Study.Version}"));
            return new(f, ClassNames.None, null, $"trained in this run, seed {plan.Seed}", Network.HashOf(weightsFile), outcome);
        }
        catch
        {
            f.Dispose();
            throw;
        }
    }

    static TrainingOutcome Fit(Device device, ImageClassifier f, TrainingPlan plan, TrainingOptions options, ImageBatches training, ImageBatches? validation, IReporter reporter, CancellationToken stop)
    {
        using var optimizer = plan.Create(f);
        IStage? stage = null;
        var trainer = new Trainer(device, f, optimizer, options)
        {
            OnBatch = p =>
            {
                stage ??= reporter.Begin($"epoch {p.Epoch + 1}/{p.Epochs}", "batches", p.Batches);
                stage.Advance();
            },
            OnEpoch = record =>
            {
                stage?.Dispose();
                stage = null;
                reporter.Note(Line(record, plan.Epochs));
            },
        };
        var history = trainer.Fit(training, validation, stop);
        int best = validation is null ? history[^1].Epoch : trainer.Best?.Epoch ?? history[^1].Epoch;
        return new(plan, training.Images, validation?.Images ?? 0, best + 1, [.. history.Select(r =>
            new EpochOutcome(r.Epoch + 1, r.Rate, r.Training.Loss, r.Training.Accuracy, r.Validation?.Loss, r.Validation?.Accuracy))]);
    }

    static string Line(EpochRecord r, int epochs) =>
        $"epoch {r.Epoch + 1}/{epochs}: loss {r.Training.Loss:0.0000}, accuracy {r.Training.Accuracy * 100:0.00} %" +
        (r.Validation is { } v ? $"; held out: loss {v.Loss:0.0000}, accuracy {v.Accuracy * 100:0.00} %" : "");

    // Its own stream of the seed: holding out more or fewer images does not change the order of the others' shuffles.
    static (int[] Kept, int[] HeldOut) Split(int count, TrainingPlan plan)
    {
        const ulong stream = 0x686f6c64;                 // "hold"
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(plan.Seed, stream).Shuffle(order.AsSpan());
        int heldOut = (int)(count * plan.Validation);
        return ([.. order[heldOut..].Order()], [.. order[..heldOut].Order()]);
    }
}
