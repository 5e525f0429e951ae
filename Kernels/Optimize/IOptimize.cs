namespace IlgpuXai.Kernels;

/// <summary>PyTorch's SGD: g ← dw + WeightDecay·w; v ← Momentum·v + g (v ← g at the first step: start from zeros with Dampening 0); w ← w − Rate·(Nesterov ? g + Momentum·v : v).</summary>
/// <param name="Rate">At least 0, as <paramref name="WeightDecay"/>.</param>
/// <param name="Momentum">0 … 1; 0 needs no velocity.</param>
public readonly record struct SgdStep(double Rate, double Momentum, double WeightDecay, bool Nesterov);

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980), and AdamW with <paramref name="Decoupled"/> decay (arXiv:1711.05101).</summary>
/// <remarks>Doubles, because 1 − Beta2 in float32 is off by 10⁻⁵; what a kernel gets is derived from them in double (<see cref="AdamCoefficients"/>).</remarks>
/// <param name="Beta1">0 up to but not 1, as <paramref name="Beta2"/>.</param>
/// <param name="Eps">Above 0: keeps a gradient of 0 from dividing by it.</param>
/// <param name="Step">1 at the first update.</param>
public readonly record struct AdamStep(double Rate, double Beta1, double Beta2, double Eps, double WeightDecay, bool Decoupled, int Step);

/// <summary>Updates of parameters in place.</summary>
/// <remarks>
/// velocity, m and v never hold subnormal numbers: what is smaller than 2⁻¹²⁶ becomes 0, before w is moved by it. Where a gradient
/// stays 0 its average fades into them, and processors multiply them ten times slower and never round them to 0.
/// </remarks>
public interface IOptimize
{
    /// <summary>w and velocity are updated. Momentum 0 leaves velocity untouched (it may be empty).</summary>
    /// <remarks>Weight decay is added to the gradient: dw itself stays as it is.</remarks>
    void Sgd(View w, View dw, View velocity, SgdStep s);

    /// <summary>m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − Rate·m̂/(√v̂ + Eps), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), where g = dw + WeightDecay·w, or g = dw and w ← (1 − Rate·WeightDecay)·w first if Decoupled.</summary>
    /// <remarks>m and v start from zeros.</remarks>
    void Adam(View w, View dw, View m, View v, AdamStep s);
}
