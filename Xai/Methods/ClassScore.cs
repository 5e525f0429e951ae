namespace IlgpuXai.Xai;

/// <summary>What is explained about the target class.</summary>
public enum ClassScore
{
    /// <summary>z_t, the network's output before softmax. Unbounded; does not depend on the other classes' outputs.</summary>
    Logit,

    /// <summary>p_t = exp z_t / Σ exp z_c, in [0, 1]. Saturates: a network that is sure stays near 1 until much is lost.</summary>
    Probability,
}

/// <summary>Both scores of one image, in double: softmax differences near 1 would lose digits in float32.</summary>
public readonly record struct Scores(double Logit, double Probability)
{
    public double this[ClassScore score] => score == ClassScore.Logit ? Logit : Probability;

    /// <summary>From rows of a logit and the odds against it: <see cref="Kernels.ISoftmax.Odds"/>.</summary>
    public static Scores[] Of(float[] odds)
    {
        ArgumentNullException.ThrowIfNull(odds);
        return [.. Enumerable.Range(0, odds.Length / 2).Select(r => new Scores(odds[2 * r], 1 / (1 + (double)odds[2 * r + 1])))];
    }

    /// <summary>The scores of class <paramref name="target"/> from one row of logits.</summary>
    public static Scores Of(ReadOnlySpan<float> logits, int target)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float z in logits) max = Math.Max(max, z);
        foreach (float z in logits) sum += Math.Exp(z - max);
        return new(logits[target], Math.Exp(logits[target] - max) / sum);
    }
}
