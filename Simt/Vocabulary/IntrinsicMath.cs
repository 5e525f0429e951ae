using System.Numerics;

namespace ILGPU;

/// <summary>Arithmetic that every device has. <c>Min</c> and <c>Max</c> of floats with a NaN follow the device; the host returns the NaN.</summary>
public static class IntrinsicMath
{
    public static float Abs(float value) => MathF.Abs(value);
    public static int Abs(int value) => value < 0 ? -value : value;      // int.MinValue stays itself, as on devices
    public static float Min(float first, float second) => MathF.Min(first, second);
    public static int Min(int first, int second) => Math.Min(first, second);
    public static float Max(float first, float second) => MathF.Max(first, second);
    public static int Max(int first, int second) => Math.Max(first, second);
    public static float Clamp(float value, float min, float max) => Max(Min(value, max), min);
    public static int Clamp(int value, int min, int max) => Max(Min(value, max), min);
    public static float CopySign(float x, float y) => MathF.CopySign(x, y);

    /// <summary>⌊numerator / denominator⌋ for a numerator ≥ 0 and a denominator &gt; 0.</summary>
    public static int DivRoundDown(int numerator, int denominator) => numerator / denominator;
    public static long DivRoundDown(long numerator, long denominator) => numerator / denominator;

    /// <summary>⌈numerator / denominator⌉ for a numerator ≥ 0 and a denominator &gt; 0.</summary>
    public static int DivRoundUp(int numerator, int denominator) => (numerator + denominator - 1) / denominator;
    public static long DivRoundUp(long numerator, long denominator) => (numerator + denominator - 1L) / denominator;

    public static int PopCount(int value) => BitOperations.PopCount((uint)value);
    public static int LeadingZeroCount(int value) => BitOperations.LeadingZeroCount((uint)value);
    public static int TrailingZeroCount(int value) => BitOperations.TrailingZeroCount(value);
}
