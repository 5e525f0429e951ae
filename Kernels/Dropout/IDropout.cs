namespace IlgpuXai.Kernels;

/// <summary>Which random numbers a call draws: element i of draw (Seed, Stream) is the same on every device.</summary>
/// <param name="Rate">Probability of dropping, 0 ≤ Rate &lt; 1.</param>
/// <param name="Seed">Of the whole training.</param>
/// <param name="Stream">Distinguishes calls: layer and step.</param>
public readonly record struct DropoutDraw(float Rate, ulong Seed, ulong Stream)
{
    /// <summary>A word keeps its element if it is at least this: ⌈Rate·2³²⌉.</summary>
    internal uint Threshold => Rate is >= 0 and < 1 ? (uint)Math.Ceiling(Rate * 4294967296.0) : throw new ArgumentException($"dropout: the rate {Rate} must be at least 0 and below 1");

    /// <summary>What keeps the mean: 1/(1 − Rate).</summary>
    internal float Scale => (float)(1 / (1.0 - Rate));
}

/// <summary>Inverted dropout on counter-based random numbers (Philox 4×32-10; Salmon et al., SC'11).</summary>
public interface IDropout
{
    /// <summary>y[i] ← keep(i) ? x[i]/(1 − Rate) : 0. The gradient is the same call on dy. y may be x.</summary>
    /// <remarks>keep(i): word i mod 4 of Philox(counter = (i/4, Stream), key = Seed), as a fraction of 2³², is ≥ Rate.</remarks>
    void Apply(View x, View y, DropoutDraw draw);
}
