using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>The head that is put on another network's features.</summary>
public enum HeadKind
{
    /// <summary>Global average pooling, dense.</summary>
    Pooled,

    /// <summary>Flatten, dense 512, ReLU, batch norm, dropout ½, dense.</summary>
    Dense,
}

/// <summary>How a network is taught new classes: everything its weights depend on besides the pictures.</summary>
/// <param name="Model">The architecture of the backbone, a name of <see cref="ModelCatalogue"/>.</param>
/// <param name="Epochs">Of the head, on the frozen backbone's features.</param>
/// <param name="Rate">Learning rate of the head at the start; it falls along half a cosine.</param>
public sealed record TransferPlan(string Model, HeadKind Head, int Epochs, double Rate)
{
    public int Batch { get; init; } = 32;
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Epochs of the whole network after the head was trained; 0: it stays frozen.</summary>
    public int FineTuneEpochs { get; init; }

    public double FineTuneRate { get; init; } = 1e-5;

    /// <summary>Patterns (<c>*</c>, <c>?</c>) of the backbone's parameters that fine-tuning leaves alone: <c>layer1.*</c>.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Classes weigh alike in the loss, however many pictures each has.</summary>
    public bool Balanced { get; init; }

    /// <summary>Share of each class that chooses the best epoch.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Share of each class that takes no part in training.</summary>
    public double Test { get; init; } = 0.25;

    /// <summary>Independent splits into training and test, each with a network of its own; the weights of the first are kept.</summary>
    public int Splits { get; init; } = 1;

    public Preprocessing Preprocessing { get; init; } = Preprocessing.ImageNet;
    public ulong Seed { get; init; } = 1;

    internal Func<Shape, Module> Top(Initializer init, int classes) => Head == HeadKind.Pooled ? Heads.Pooled(init, classes) : Heads.Dense(init, classes);
}

/// <summary>What came of it.</summary>
/// <param name="Sha256">Of the backbone's file.</param>
/// <param name="Skipped">Files that are no readable pictures.</param>
public sealed record TransferOutcome(TransferPlan Plan, string Backbone, string Sha256, IReadOnlyList<string> Classes, IReadOnlyList<int> Pictures, IReadOnlyList<string> Skipped,
    double MeanAccuracy, IReadOnlyList<SplitOutcome> Splits, string Command, string Program);

/// <summary>One split: sizes, accuracy on pictures that took no part, and the way there.</summary>
/// <param name="HeadEpochs">On features; what is held out there is the validation part.</param>
/// <param name="FineTuneEpochs">Of the whole network.</param>
public sealed record SplitOutcome(int Training, int Validation, int Test, double Accuracy, double HeadAccuracy, IReadOnlyList<EpochOutcome> HeadEpochs, IReadOnlyList<EpochOutcome> FineTuneEpochs);
