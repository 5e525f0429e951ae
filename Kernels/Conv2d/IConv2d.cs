namespace IlgpuXai.Kernels;

/// <summary>2-D cross-correlation, as every deep-learning framework calls convolution.</summary>
/// <remarks>
/// y[n,k,p,q] = bias[k] + Σ over c,r,s of x[n, g·CG + c, p·StrideH − PadH + r·DilationH, q·StrideW − PadW + s·DilationW] · w[k,c,r,s],
/// g = k / KG, where x reads 0 outside the image.
/// Rounding is at most about 5e-7 of Σ|products|. A NaN of x or dy reaches every sum it belongs to and no other, but for implementations by
/// minimal filtering, where it may go one pixel further; a NaN weight also meets the zeros around the image.
/// </remarks>
public interface IConv2d
{
    /// <summary>y ← x ⋆ w + bias. An empty <paramref name="bias"/> view means none.</summary>
    void Forward(View x, View w, View bias, View y, Conv2dShape s);

    /// <summary>dx ← ∂⟨dy, x ⋆ w⟩/∂x.</summary>
    void BackwardInput(View dy, View w, View dx, Conv2dShape s);

    /// <summary>dw ← ∂⟨dy, x ⋆ w⟩/∂w.</summary>
    void BackwardWeight(View x, View dy, View dw, Conv2dShape s);

    /// <summary>db[k] ← Σ over n,p,q of dy[n,k,p,q].</summary>
    void BackwardBias(View dy, View db, Conv2dShape s);
}
