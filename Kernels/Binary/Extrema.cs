using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>The larger of two; a NaN on either side wins. As a reduction its neutral element is −∞.</summary>
/// <remarks>Slope 1 for the larger, ½ for both at a tie, 1 for both where one is NaN: as PyTorch.</remarks>
public readonly struct Maximum : IBinary, IReduction
{
    public static float Neutral => float.NegativeInfinity;
    public static float Value(float a, float b) => a > b ? a : b >= a ? b : a + b;
    public static float SlopeA(float a, float b) => a < b ? 0f : a == b ? 0.5f : 1f;
    public static float SlopeB(float a, float b) => b < a ? 0f : a == b ? 0.5f : 1f;
    public static float Combine(float a, float b) => Value(a, b);

    public static Vector<float> Value(Vector<float> a, Vector<float> b) =>
        Vector.ConditionalSelect(Vector.Equals(a, a), Vector.MaxNative(a, b), a);    // of two numbers one of which is NaN, x86 takes the second, others NaN

    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Extremes.Share(Vector.LessThan(a, b), Vector.Equals(a, b));
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => Extremes.Share(Vector.LessThan(b, a), Vector.Equals(a, b));
    public static Vector<float> Combine(Vector<float> a, Vector<float> b) => Value(a, b);
}

/// <summary>The smaller of two; a NaN on either side wins. As a reduction its neutral element is +∞.</summary>
/// <remarks>Slope 1 for the smaller, ½ for both at a tie, 1 for both where one is NaN: as PyTorch.</remarks>
public readonly struct Minimum : IBinary, IReduction
{
    public static float Neutral => float.PositiveInfinity;
    public static float Value(float a, float b) => a < b ? a : b <= a ? b : a + b;
    public static float SlopeA(float a, float b) => a > b ? 0f : a == b ? 0.5f : 1f;
    public static float SlopeB(float a, float b) => b > a ? 0f : a == b ? 0.5f : 1f;
    public static float Combine(float a, float b) => Value(a, b);

    public static Vector<float> Value(Vector<float> a, Vector<float> b) =>
        Vector.ConditionalSelect(Vector.Equals(a, a), Vector.MinNative(a, b), a);

    public static Vector<float> SlopeA(Vector<float> a, Vector<float> b) => Extremes.Share(Vector.GreaterThan(a, b), Vector.Equals(a, b));
    public static Vector<float> SlopeB(Vector<float> a, Vector<float> b) => Extremes.Share(Vector.GreaterThan(b, a), Vector.Equals(a, b));
    public static Vector<float> Combine(Vector<float> a, Vector<float> b) => Value(a, b);
}

static class Extremes
{
    /// <summary>0 where it loses, ½ where it ties, else 1.</summary>
    public static Vector<float> Share(Vector<int> loses, Vector<int> ties) =>
        Vector.ConditionalSelect(loses, Vector<float>.Zero, Vector.ConditionalSelect(ties, new Vector<float>(0.5f), Vector<float>.One));
}
