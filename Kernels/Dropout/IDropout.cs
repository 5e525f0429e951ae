namespace IlgpuXai.Kernels;

/// <summary>Which random numbers a call draws: element i of draw (Seed, Stream) is the same on every device.</summary>
/// <param name="Rate">Probability of dropping, 0 ≤ Rate &lt; 1.</param>
/// <param name="Seed">Of the whole training.</param>
/// <param name="Stream">Distinguishes calls: layer and step.</param>
public readonly record struct DropoutDraw(float Rate, ulong Seed, ulong Stream);

/// <summary>Inverted dropout on counter-based random numbers (Philox 4×32-10; Salmon et al., SC'11).</summary>
public interface IDropout
{
    /// <summary>y[i] ← keep(i) ? x[i]/(1 − Rate) : 0. The gradient is the same call on dy. y may be x.</summary>
    /// <remarks>keep(i): word i mod 4 of Philox(counter = (i/4, Stream), key = Seed), as a fraction of 2³², is ≥ Rate.</remarks>
    void Apply(View x, View y, DropoutDraw draw);
}
