using System.Text.Json.Serialization;

namespace IlgpuXai.Engine;

/// <summary>What decides which epoch was the best: on validation data, else on training data.</summary>
public enum BestBy
{
    /// <summary>The lowest loss.</summary>
    Loss,

    /// <summary>The highest accuracy; of equals the lower loss.</summary>
    Accuracy,
}

/// <param name="Epochs">In all, those of a continued training included.</param>
public sealed record TrainingOptions(int Epochs, LearningRate Rate)
{
    /// <summary>Of dropout. (Batches and initial weights have seeds of their own.)</summary>
    public ulong Seed { get; init; }

    /// <summary>One weight per class in the training loss; none weighs all alike.</summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>A word that tells the training images from any others, such as their digest: a checkpoint of other images is refused. None compares their number only.</summary>
    public string? Data { get; init; }

    public BestBy BestBy { get; init; }

    /// <summary>Whether the model ends with the weights of its best epoch instead of the last.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>Stops after this many epochs in a row that were not the best so far; none never stops early.</summary>
    public int? Patience { get; init; }

    /// <summary>A file written after every epoch. If it exists, training goes on from it, with the same bits as without the interruption.</summary>
    public string? Checkpoint { get; init; }
}

/// <summary>After a batch.</summary>
/// <param name="Epoch">The present one, from 0.</param>
/// <param name="Batch">Batches of this epoch done.</param>
/// <param name="Loss">Mean over the images of this epoch so far, as <paramref name="Accuracy"/>.</param>
/// <param name="ImagesPerSecond">In this epoch so far.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int Batch, int Batches, double Rate, double Loss, double Accuracy, double ImagesPerSecond);

/// <summary>Mean loss and share of correct answers.</summary>
public readonly record struct Evaluation(double Loss, double Accuracy);

/// <summary>After an epoch.</summary>
/// <param name="Rate">The learning rate of its last step.</param>
/// <param name="Validation">None without validation data.</param>
public sealed record EpochRecord(int Epoch, double Rate, Evaluation Training, Evaluation? Validation)
{
    /// <summary>What counts: validation if there is any.</summary>
    [JsonIgnore]
    public Evaluation Counted => Validation ?? Training;
}

/// <summary>A training that cannot go on; one line says why.</summary>
public sealed class TrainingException(string message) : Exception(message);
