using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>A differentiable function of one number. Kernels see it inlined: one compiled kernel per function.</summary>
/// <remarks>The scalar form is the kernel text of GPUs; the vector form is the same formula for the processor's SIMD lanes.</remarks>
public interface IUnary
{
    static abstract float Value(float x);

    /// <summary>dValue/dx, given x and y = Value(x).</summary>
    static abstract float Slope(float x, float y);

    static abstract Vector<float> Value(Vector<float> x);
    static abstract Vector<float> Slope(Vector<float> x, Vector<float> y);
}

public interface IUnaryKernels
{
    /// <summary>y[i] ← F(x[i]). y may be x.</summary>
    void Forward<F>(View x, View y) where F : struct, IUnary;

    /// <summary>dx[i] ← F′(x[i]) · dy[i], given y = F(x). dx may be dy.</summary>
    void Backward<F>(View x, View y, View dy, View dx) where F : struct, IUnary;

    /// <summary>y[i] ← scale·x[i] + shift. y may be x.</summary>
    void Affine(View x, View y, float scale, float shift);
}
