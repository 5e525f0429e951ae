namespace IlgpuXai.Engine;

/// <summary>The learning rate as a function of time and of the losses so far: it has no state of its own to save.</summary>
public abstract record LearningRate
{
    /// <param name="epoch">Epochs done, with the fraction of the present one: 2.5 in the middle of the third.</param>
    /// <param name="losses">The loss of every epoch done: on validation data, else on training data.</param>
    public abstract double At(double epoch, IReadOnlyList<double> losses);
}

/// <summary>The same rate from beginning to end.</summary>
public sealed record ConstantRate(double Rate) : LearningRate
{
    public override double At(double epoch, IReadOnlyList<double> losses) => Rate;
}

/// <summary>Rate·Factor^⌊epoch/Every⌋ (PyTorch's StepLR).</summary>
/// <param name="Every">Epochs, at least 1.</param>
public sealed record StepRate(double Rate, int Every, double Factor = 0.1) : LearningRate
{
    public override double At(double epoch, IReadOnlyList<double> losses) => Every >= 1
        ? Rate * Math.Pow(Factor, Math.Floor(epoch / Every))
        : throw new ArgumentException($"learning rate: a step every {Every} epochs, at least 1 was expected");
}

/// <summary>Half a cosine from Rate down to Least over Epochs, the first WarmUp of which rise in a line from WarmUpFrom·Rate (PyTorch's LinearLR, then CosineAnnealingLR).</summary>
/// <remarks>Least + (Rate − Least)·(1 + cos(π·t/T))/2, t = epoch − WarmUp, T = Epochs − WarmUp; Least after the end. Loshchilov and Hutter 2017, arXiv:1608.03983.</remarks>
public sealed record CosineRate(double Rate, double Epochs, double WarmUp = 0, double WarmUpFrom = 0.1, double Least = 0) : LearningRate
{
    public override double At(double epoch, IReadOnlyList<double> losses)
    {
        if (epoch < WarmUp) return Rate * (WarmUpFrom + (1 - WarmUpFrom) * epoch / WarmUp);
        double t = Epochs > WarmUp ? Math.Min((epoch - WarmUp) / (Epochs - WarmUp), 1) : 1;
        return Least + (Rate - Least) * (1 + Math.Cos(Math.PI * t)) / 2;
    }
}

/// <summary>Rate, times Factor after every run of more than Patience epochs in which the loss did not fall below its best by the fraction Threshold (PyTorch's ReduceLROnPlateau).</summary>
/// <param name="Cooldown">Epochs after a reduction that do not count. A loss of NaN counts as not falling.</param>
public sealed record PlateauRate(double Rate, double Factor = 0.1, int Patience = 10, double Threshold = 1e-4, int Cooldown = 0, double Least = 0) : LearningRate
{
    public override double At(double epoch, IReadOnlyList<double> losses)
    {
        double rate = Rate, best = double.PositiveInfinity;
        int bad = 0, cooling = 0;
        foreach (double loss in losses)
        {
            bool better = loss < best * (1 - Threshold);
            if (better) best = loss;
            bad = better || cooling > 0 ? 0 : bad + 1;
            cooling = Math.Max(cooling - 1, 0);
            if (bad <= Patience) continue;
            rate = Math.Max(rate * Factor, Least);
            (bad, cooling) = (0, Cooldown);
        }
        return rate;
    }
}
