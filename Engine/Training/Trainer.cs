using System.Diagnostics;

namespace IlgpuXai.Engine;

/// <summary>Trains what an optimizer moves of a classifier, the rest being frozen: epochs of batches, cross-entropy, validation, best weights, early stop, checkpoints.</summary>
/// <remarks>The same model, seeds, batches and options give the same bits, on any number of threads, interrupted or not.</remarks>
public sealed class Trainer(Device device, ImageClassifier model, Optimizer optimizer, TrainingOptions options)
{
    readonly TrainingState _state = new(model, optimizer, options);

    // Parameters that the optimizer does not have are frozen.
    readonly HashSet<Parameter>? _trained = optimizer.Parameters.Count == model.Parameters().Count() ? null : [.. optimizer.Parameters.Select(p => p.Value)];

    /// <summary>Called after every batch.</summary>
    public Action<TrainingProgress>? OnBatch { get; init; }

    /// <summary>Called after every epoch, when its checkpoint is on disk.</summary>
    public Action<EpochRecord>? OnEpoch { get; init; }

    public IReadOnlyList<EpochRecord> History => _state.History;

    /// <summary>The epoch whose weights are kept; none before the first.</summary>
    public EpochRecord? Best => _state.Best;

    /// <summary>Trains to the last epoch or the early stop, from the checkpoint if there is one, and leaves the best weights in the model.</summary>
    /// <exception cref="TrainingException">The loss is no longer a number.</exception>
    /// <exception cref="StateFileException">The checkpoint is of another training, or cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">What is finished stands in the checkpoint.</exception>
    public IReadOnlyList<EpochRecord> Fit(IBatches training, IBatches? validation = null, CancellationToken stop = default)
    {
        _state.Data = $"{training.Images} images in {training.Count} batches{(options.Data is { } word ? $" of {word}" : "")}";
        using var classWeights = options.ClassWeights is { } v ? device.Tensor([v.Length], v) : null;
        if (options.Checkpoint is { } path && File.Exists(path)) Checkpoint.Load(path, _state);
        while (_state.History.Count < options.Epochs && !_state.Stalled)
        {
            int epoch = _state.History.Count;
            var (mean, rate) = RunEpoch(epoch, training, classWeights, stop);
            var record = new EpochRecord(epoch, rate, mean, validation is null ? null : model.Evaluate(device, validation, stop));
            _state.Add(record);
            if (options.Checkpoint is { } file) Checkpoint.Save(file, _state);
            OnEpoch?.Invoke(record);
        }
        if (options.KeepBest) _state.RestoreBest();
        return History;
    }

    (Evaluation Mean, double Rate) RunEpoch(int epoch, IBatches training, Tensor? classWeights, CancellationToken stop)
    {
        var (tally, clock, batches, rate) = (new Tally(), Stopwatch.StartNew(), 0, 0.0);
        foreach (var batch in training.Epoch(epoch))
        {
            stop.ThrowIfCancellationRequested();
            rate = options.Rate.At(epoch + (double)batches / training.Count, _state.Losses);
            Step(batch, rate, classWeights, tally);
            batches++;
            if (!double.IsFinite(tally.Mean.Loss)) throw new TrainingException($"training: the loss became {tally.Mean.Loss} in epoch {epoch + 1}, batch {batches}; a smaller learning rate may help");
            OnBatch?.Invoke(new(epoch, options.Epochs, batches, training.Count, rate, tally.Mean.Loss, tally.Mean.Accuracy, tally.Images / clock.Elapsed.TotalSeconds));
        }
        return tally.Images > 0 ? (tally.Mean, rate) : throw new TrainingException("training: there are no images");
    }

    void Step(Batch batch, double rate, Tensor? classWeights, Tally tally)
    {
        using var scope = device.Scope();
        var scores = model.Forward(batch.Upload(device, model), Pass.Training(options.Seed, (ulong)optimizer.Steps, _trained));
        var loss = scores.CrossEntropy(batch.Labels.Span, classWeights);
        using var gradients = Gradients.OfLoss(loss, optimizer.Parameters.Select(p => p.Value));
        optimizer.Step(gradients, rate);
        tally.Add(scores, loss.Item(), batch.Labels.Span);
    }
}
