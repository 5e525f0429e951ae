using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>A differentiable function of one number. Kernels see it inlined: one compiled kernel per function.</summary>
/// <remarks>The scalar form is the kernel text of GPUs; the vector form is the same formula for the processor's SIMD lanes.</remarks>
public interface IUnary
{
    static abstract float Value(float x);

    /// <summary>dValue/dx, given x and y = Value(x); reads only those of the two that it says it reads.</summary>
    static abstract float Slope(float x, float y);

    static abstract Vector<float> Value(Vector<float> x);
    static abstract Vector<float> Slope(Vector<float> x, Vector<float> y);

    /// <summary>Whether the slope depends on x; else nobody has to keep x for the gradient.</summary>
    static abstract bool SlopeReadsX { get; }

    /// <summary>Whether the slope depends on y; else nobody has to keep y for the gradient.</summary>
    static abstract bool SlopeReadsY { get; }
}

public interface IUnaryKernels
{
    /// <summary>y[i] ← F(x[i]). y may be x.</summary>
    void Forward<F>(View x, View y) where F : struct, IUnary;

    /// <summary>dx[i] ← F′(x[i]) · dy[i], given y = F(x). dx may be dy. What the slope does not read may be an empty view.</summary>
    /// <remarks>A plain product: a slope of 0 times an infinite gradient is NaN.</remarks>
    void Backward<F>(View x, View y, View dy, View dx) where F : struct, IUnary;

    /// <summary>y[i] ← scale·x[i] + shift. y may be x.</summary>
    void Affine(View x, View y, float scale, float shift);
}
