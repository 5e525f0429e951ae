namespace IlgpuXai.Stats;

/// <summary>A confidence interval [Lower, Upper]. One bound is infinite where the alternative is one-sided.</summary>
/// <param name="Confidence">Coverage in (0, 1), 0.95 for a 95 % interval.</param>
public readonly record struct Interval(double Lower, double Upper, double Confidence)
{
    /// <summary>True if <paramref name="value"/> lies between the bounds, bounds included; never for NaN.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
