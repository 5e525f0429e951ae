using System.Numerics;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>a + b.</summary>
public readonly struct Add : IBinary
{
    public static float Value(float a, float b) => a + b;
    public static float SlopeA(float a, float b) => 1f;
    public static float SlopeB(float a, float b) => 1f;
    public static Vector<float> Value(Vector<float> a, Vector<float> b) => a + b;
    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Vector<float>.One;
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => Vector<float>.One;
}

/// <summary>max(a + b, 0), where a residual branch meets its shortcut; slope 0 at the kink, a NaN stays one.</summary>
public readonly struct AddRelu : IBinary
{
    public static float Value(float a, float b) => Relu.Value(a + b);
    public static float SlopeA(float a, float b) => Relu.Slope(a + b, a + b);
    public static float SlopeB(float a, float b) => Relu.Slope(a + b, a + b);
    public static Vector<float> Value(Vector<float> a, Vector<float> b) => Relu.Value(a + b);
    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Relu.Slope(a + b, a + b);
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => Relu.Slope(a + b, a + b);
}

/// <summary>a − b.</summary>
public readonly struct Subtract : IBinary
{
    public static float Value(float a, float b) => a - b;
    public static float SlopeA(float a, float b) => 1f;
    public static float SlopeB(float a, float b) => -1f;
    public static Vector<float> Value(Vector<float> a, Vector<float> b) => a - b;
    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Vector<float>.One;
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => -Vector<float>.One;
}

/// <summary>a·b.</summary>
public readonly struct Multiply : IBinary
{
    public static float Value(float a, float b) => a * b;
    public static float SlopeA(float a, float b) => b;
    public static float SlopeB(float a, float b) => a;
    public static Vector<float> Value(Vector<float> a, Vector<float> b) => a * b;
    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => b;
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => a;
}

/// <summary>a/b, by IEEE's rules for zeros and infinities.</summary>
public readonly struct Divide : IBinary
{
    public static float Value(float a, float b) => a / b;
    public static float SlopeA(float a, float b) => 1f / b;
    public static float SlopeB(float a, float b) => -(a / b) / b;
    public static Vector<float> Value(Vector<float> a, Vector<float> b) => a / b;
    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Vector<float>.One / b;
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => -(a / b) / b;
}

/// <summary>aᵇ, by the rules of C's pow: NaN for a negative base with a broken exponent, 1 for b = 0.</summary>
/// <remarks>
/// ∂a = b·aᵇ⁻¹, 0 where b = 0; ∂b = aᵇ·log a, 0 where a = 0 and b ≥ 0: as PyTorch. Every lane goes through the scalar
/// function: accurate, and some twenty times slower than a product.
/// </remarks>
public readonly struct Power : IBinary
{
    public static float Value(float a, float b) => XMath.Pow(a, b);
    public static float SlopeA(float a, float b) => b == 0f ? 0f : b * XMath.Pow(a, b - 1f);
    public static float SlopeB(float a, float b) => a == 0f && b >= 0f ? 0f : XMath.Pow(a, b) * XMath.Log(a);

    public static Vector<float> Value(Vector<float> a, Vector<float> b)
    {
        var y = a;
        for (int i = 0; i < Vector<float>.Count; i++) y = y.WithElement(i, Value(a[i], b[i]));
        return y;
    }

    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b)
    {
        var y = a;
        for (int i = 0; i < Vector<float>.Count; i++) y = y.WithElement(i, SlopeA(a[i], b[i]));
        return y;
    }

    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b)
    {
        var y = a;
        for (int i = 0; i < Vector<float>.Count; i++) y = y.WithElement(i, SlopeB(a[i], b[i]));
        return y;
    }
}
