using System.Numerics;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>eˣ: 0 below about −104, ∞ above 88.72. NaN stays NaN.</summary>
public readonly struct Exp : IUnary
{
    public static float Value(float x) => XMath.Exp(x);
    public static float Slope(float x, float y) => y;
    public static Vector<float> Value(Vector<float> x) => VectorMath.Exp(x);
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => y;
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}

/// <summary>Natural logarithm: −∞ at 0, NaN below. Slope 1/x.</summary>
public readonly struct Log : IUnary
{
    public static float Value(float x) => XMath.Log(x);
    public static float Slope(float x, float y) => 1f / x;
    public static Vector<float> Value(Vector<float> x) => Vector.Log(x);
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector<float>.One / x;
    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}

/// <summary>√x: NaN below 0. Slope 1/(2√x), ∞ at 0.</summary>
public readonly struct Sqrt : IUnary
{
    public static float Value(float x) => XMath.Sqrt(x);
    public static float Slope(float x, float y) => 0.5f / y;
    public static Vector<float> Value(Vector<float> x) => Vector.SquareRoot(x);
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => new Vector<float>(0.5f) / y;
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}

/// <summary>x².</summary>
public readonly struct Square : IUnary
{
    public static float Value(float x) => x * x;
    public static float Slope(float x, float y) => x + x;
    public static Vector<float> Value(Vector<float> x) => x * x;
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => x + x;
    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}

/// <summary>|x|. Slope −1, 0 at the kink, 1; NaN stays NaN and has slope 0, as PyTorch's sign.</summary>
public readonly struct Abs : IUnary
{
    public static float Value(float x) => XMath.Abs(x);
    public static float Slope(float x, float y) => x > 0f ? 1f : x < 0f ? -1f : 0f;
    public static Vector<float> Value(Vector<float> x) => Vector.Abs(x);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One,
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -Vector<float>.One, Vector<float>.Zero));

    public static bool SlopeReadsX => true;
    public static bool SlopeReadsY => false;
}

/// <summary>−x.</summary>
public readonly struct Negate : IUnary
{
    public static float Value(float x) => -x;
    public static float Slope(float x, float y) => -1f;
    public static Vector<float> Value(Vector<float> x) => -x;
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => -Vector<float>.One;
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => false;
}

/// <summary>1/x: ±∞ at ±0. Slope −y².</summary>
public readonly struct Reciprocal : IUnary
{
    public static float Value(float x) => 1f / x;
    public static float Slope(float x, float y) => -(y * y);
    public static Vector<float> Value(Vector<float> x) => Vector<float>.One / x;
    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => -(y * y);
    public static bool SlopeReadsX => false;
    public static bool SlopeReadsY => true;
}
