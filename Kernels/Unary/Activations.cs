using System.Numerics;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>max(x, 0). Slope 0 at the kink; NaN stays NaN and passes the gradient, as in PyTorch.</summary>
/// <remarks>The slope is read off y, which is positive exactly where x is: x may be overwritten by y.</remarks>
public readonly struct Relu : IUnary
{
    public static float Value(float x) => x < 0f ? 0f : x;
    public static float Slope(float x, float y) => y <= 0f ? 0f : 1f;
    public static Vector<float> Value(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(y, Vector<float>.Zero), Vector<float>.Zero, Vector<float>.One);

    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}

/// <summary>σ(x) = 1/(1 + e⁻ˣ), slope σ(1 − σ).</summary>
public readonly struct Sigmoid : IUnary
{
    public static float Value(float x) => 1f / (1f + XMath.Exp(-x));
    public static float Slope(float x, float y) => y * (1f - y);
    public static Vector<float> Value(Vector<float> x) => Vector<float>.One / (Vector<float>.One + VectorMath.Exp(-x));
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => y * (Vector<float>.One - y);
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}

/// <summary>tanh x, slope 1 − tanh² x.</summary>
public readonly struct Tanh : IUnary
{
    public static float Value(float x) => XMath.Tanh(x);
    public static float Slope(float x, float y) => 1f - y * y;
    public static Vector<float> Value(Vector<float> x) => VectorMath.Tanh(x);
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector<float>.One - y * y;
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}

/// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), slope σ(x). Never overflows; small results keep their relative accuracy.</summary>
public readonly struct Softplus : IUnary
{
    public static float Value(float x)
    {
        float e = XMath.Exp(-XMath.Abs(x)), u = 1f + e;
        float log1p = u == 1f ? e : XMath.Log(u) * (e / (u - 1f));    // undoes the rounding of 1 + e
        return (x > 0f ? x : 0f) + log1p;
    }

    public static float Slope(float x, float y) => Sigmoid.Value(x);

    public static Vector<float> Value(Vector<float> x)
    {
        var e = VectorMath.Exp(-Vector.Abs(x));
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, Vector<float>.Zero) + VectorMath.Log1p(e);
    }

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => Sigmoid.Value(x);
    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}

/// <summary>x·Φ(x), Φ the normal distribution function: PyTorch's default GELU (erf), not the tanh approximation. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
/// <remarks>Slope Φ(x) + x·φ(x). NaN at −∞, as in PyTorch.</remarks>
public readonly struct Gelu : IUnary
{
    public static float Value(float x) => x * NormalCurve.Cumulative(x);
    public static float Slope(float x, float y) => NormalCurve.Cumulative(x) + x * NormalCurve.Density(x);
    public static Vector<float> Value(Vector<float> x) => x * NormalCurve.Cumulative(x);
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => NormalCurve.Cumulative(x) + x * NormalCurve.Density(x);
    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}

/// <summary>x·σ(x) (swish), slope σ·(1 + x·(1 − σ)). NaN at −∞, as in PyTorch.</summary>
public readonly struct Silu : IUnary
{
    public static float Value(float x) => x / (1f + XMath.Exp(-x));

    public static float Slope(float x, float y)
    {
        float s = Sigmoid.Value(x);
        return s * (1f + x * (1f - s));
    }

    public static Vector<float> Value(Vector<float> x) => x / (Vector<float>.One + VectorMath.Exp(-x));

    public static Vector<float> Slope(Vector<float> x, Vector<float> y)
    {
        var s = Sigmoid.Value(x);
        return s * (Vector<float>.One + x * (Vector<float>.One - s));
    }

    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}
