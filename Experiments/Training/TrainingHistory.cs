namespace IlgpuXai.Experiments;

/// <summary>The drawings of a training.</summary>
static class TrainingHistory
{
    public static string Draw(TrainingOutcome training)
    {
        double[] loss = [.. training.Epochs.Select(e => e.TrainingLoss)], heldOut = [.. training.Epochs.Select(e => e.ValidationLoss ?? double.NaN)];
        return training.ValidationImages == 0
            ? LineChart.Draw("Training loss by epoch", "epoch", "mean cross-entropy", ["training"], [loss])
            : LineChart.Draw("Training and held-out loss by epoch", "epoch", "mean cross-entropy", ["training (with dropout)", "held out"], [loss, heldOut]);
    }
}
