namespace IlgpuXai.Experiments;

/// <summary>The drawings of a training.</summary>
static class TrainingHistory
{
    /// <summary>Loss on features, then on pictures where the whole network was tuned.</summary>
    public static string Draw(SplitOutcome split)
    {
        ArgumentNullException.ThrowIfNull(split);
        EpochOutcome[] epochs = [.. split.HeadEpochs, .. split.FineTuneEpochs];
        string title = split.FineTuneEpochs.Count == 0 ? "Loss of the head by epoch" : $"Loss by epoch: the head alone up to {split.HeadEpochs.Count}, then the network";
        return LineChart.Draw(title, "epoch", "mean cross-entropy", ["training", "held out"], [[.. epochs.Select(e => e.TrainingLoss)], [.. epochs.Select(e => e.ValidationLoss ?? double.NaN)]]);
    }

    public static string Draw(TrainingOutcome training)
    {
        double[] loss = [.. training.Epochs.Select(e => e.TrainingLoss)], heldOut = [.. training.Epochs.Select(e => e.ValidationLoss ?? double.NaN)];
        return training.ValidationImages == 0
            ? LineChart.Draw("Training loss by epoch", "epoch", "mean cross-entropy", ["training"], [loss])
            : LineChart.Draw("Training and held-out loss by epoch", "epoch", "mean cross-entropy", ["training (with dropout)", "held out"], [loss, heldOut]);
    }
}
