namespace IlgpuXai.Kernels;

/// <summary>What an SGD kernel multiplies by, in float32. Momentum 0 means that there is no velocity.</summary>
public readonly struct SgdCoefficients(SgdStep s)
{
    public readonly float Rate = (float)s.Rate, Momentum = (float)s.Momentum, WeightDecay = (float)s.WeightDecay;

    /// <summary>Weights of gradient and velocity in the update: (0, 1), with Nesterov (1, Momentum), without velocity (1, 0).</summary>
    public readonly float OfGradient = s.Nesterov || s.Momentum == 0 ? 1f : 0f, OfVelocity = s.Momentum == 0 ? 0f : s.Nesterov ? (float)s.Momentum : 1f;
}

/// <summary>What an Adam kernel multiplies by, derived in double.</summary>
public readonly struct AdamCoefficients(AdamStep s)
{
    public readonly float Beta1 = (float)s.Beta1, OneMinusBeta1 = (float)(1 - s.Beta1);
    public readonly float Beta2 = (float)s.Beta2, OneMinusBeta2 = (float)(1 - s.Beta2);

    /// <summary>Decay added to the gradient, and the factor that a decoupled decay leaves of the weight.</summary>
    public readonly float AddedDecay = s.Decoupled ? 0f : (float)s.WeightDecay, KeptWeight = s.Decoupled ? (float)(1 - s.Rate * s.WeightDecay) : 1f;

    /// <summary>Rate/(1 − β₁ᵗ) and √(1 − β₂ᵗ).</summary>
    public readonly float StepSize = (float)(s.Rate / (1 - Math.Pow(s.Beta1, s.Step))), RootCorrection = (float)Math.Sqrt(1 - Math.Pow(s.Beta2, s.Step));

    public readonly float Eps = (float)s.Eps;
}

/// <summary>Numbers too small for a full significand.</summary>
static class Subnormal
{
    /// <summary>2⁻¹²⁶, the smallest number that is none.</summary>
    public const float End = 1.17549435e-38f;
}
