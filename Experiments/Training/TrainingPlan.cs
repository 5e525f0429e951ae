using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>How weights move.</summary>
public enum OptimizerKind
{
    /// <summary>Kingma and Ba 2015.</summary>
    Adam,

    /// <summary>Adam with weight decay apart from the gradient, Loshchilov and Hutter 2019.</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>How the learning rate changes over the epochs.</summary>
public enum Schedule
{
    /// <summary>Half a cosine from the rate to 0.</summary>
    Cosine,

    /// <summary>One rate throughout.</summary>
    Constant,

    /// <summary>Lowered after each third of the epochs.</summary>
    Step,

    /// <summary>Lowered after 2 epochs without a smaller loss.</summary>
    Plateau,
}

/// <summary>How a network is trained: everything its weights depend on besides the images.</summary>
/// <param name="Rate">Learning rate at the start.</param>
/// <param name="Seed">Of the initial weights, the order of the images, the held-out images and dropout.</param>
/// <param name="Validation">Share of the training images held out to choose the best epoch, in [0, 0.5]; 0 keeps the last epoch.</param>
/// <param name="Patience">Stops after this many epochs without a better one; null never does.</param>
public sealed record TrainingPlan(
    string Model, int Epochs, int Batch, double Rate, OptimizerKind Optimizer = OptimizerKind.Adam, Schedule Schedule = Schedule.Cosine,
    ulong Seed = 1, double Validation = 1 / 12.0, double WeightDecay = 0, double Momentum = 0.9, int? Patience = null)
{
    internal LearningRate LearningRate() => Schedule switch
    {
        Schedule.Cosine => new CosineRate(Rate, Epochs),
        Schedule.Step => new StepRate(Rate, Math.Max(1, Epochs / 3)),
        Schedule.Plateau => new PlateauRate(Rate, Patience: 2),
        _ => new ConstantRate(Rate),
    };

    internal Optimizer Create(ImageClassifier f) => Optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(f.Parameters(), (float)Momentum, (float)WeightDecay),
        OptimizerKind.AdamW => Adam.W(f.Parameters(), (float)WeightDecay),
        _ => new Adam(f.Parameters(), weightDecay: (float)WeightDecay),
    };
}

/// <summary>How a training went, epoch by epoch.</summary>
/// <param name="BestEpoch">Counted from 1; the epoch whose weights were kept.</param>
public sealed record TrainingOutcome(TrainingPlan Plan, int TrainingImages, int ValidationImages, int BestEpoch, IReadOnlyList<EpochOutcome> Epochs);

/// <param name="ValidationAccuracy">Null without held-out images.</param>
public sealed record EpochOutcome(int Epoch, double Rate, double TrainingLoss, double TrainingAccuracy, double? ValidationLoss, double? ValidationAccuracy);
