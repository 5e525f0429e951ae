namespace IlgpuXai.Kernels;

/// <summary>PyTorch's SGD: g ← dw + WeightDecay·w; v ← Momentum·v + g (v ← g at the first step: start from zeros with Dampening 0); w ← w − Rate·(Nesterov ? g + Momentum·v : v).</summary>
public readonly record struct SgdStep(float Rate, float Momentum, float WeightDecay, bool Nesterov);

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980), and AdamW with <paramref name="Decoupled"/> decay (arXiv:1711.05101).</summary>
/// <param name="Step">1 at the first update.</param>
public readonly record struct AdamStep(float Rate, float Beta1, float Beta2, float Eps, float WeightDecay, bool Decoupled, int Step);

/// <summary>Updates of parameters in place.</summary>
public interface IOptimize
{
    /// <summary>w and velocity are updated. Momentum 0 leaves velocity untouched (it may be empty).</summary>
    void Sgd(View w, View dw, View velocity, SgdStep s);

    /// <summary>m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − Rate·m̂/(√v̂ + Eps), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).</summary>
    void Adam(View w, View dw, View m, View v, AdamStep s);
}
