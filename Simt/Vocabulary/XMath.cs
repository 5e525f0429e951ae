namespace ILGPU.Algorithms;

/// <summary>Functions of one or two floats. The host computes them with <see cref="MathF"/>; a device may differ by a few units in the last place.</summary>
public static class XMath
{
    public const float PI = MathF.PI;
    public const float E = MathF.E;

    public static float Abs(float value) => MathF.Abs(value);
    public static float Min(float first, float second) => MathF.Min(first, second);
    public static float Max(float first, float second) => MathF.Max(first, second);
    public static int Min(int first, int second) => Math.Min(first, second);
    public static int Max(int first, int second) => Math.Max(first, second);
    public static float Clamp(float value, float min, float max) => MathF.Max(MathF.Min(value, max), min);

    public static float Exp(float value) => MathF.Exp(value);
    public static float Exp2(float value) => MathF.Pow(2f, value);
    public static float Log(float value) => MathF.Log(value);
    public static float Log(float value, float newBase) => MathF.Log(value) / MathF.Log(newBase);
    public static float Log2(float value) => MathF.Log2(value);
    public static float Log10(float value) => MathF.Log10(value);
    public static float Pow(float @base, float exp) => MathF.Pow(@base, exp);
    public static float Sqrt(float value) => MathF.Sqrt(value);
    public static float Rsqrt(float value) => 1f / MathF.Sqrt(value);
    public static float Rcp(float value) => 1f / value;

    public static float Sin(float value) => MathF.Sin(value);
    public static float Cos(float value) => MathF.Cos(value);
    public static float Tan(float value) => MathF.Tan(value);
    public static float Asin(float value) => MathF.Asin(value);
    public static float Acos(float value) => MathF.Acos(value);
    public static float Atan(float value) => MathF.Atan(value);
    public static float Atan2(float y, float x) => MathF.Atan2(y, x);
    public static float Sinh(float value) => MathF.Sinh(value);
    public static float Cosh(float value) => MathF.Cosh(value);
    public static float Tanh(float value) => MathF.Tanh(value);
    public static float DegToRad(float degrees) => degrees * (PI / 180f);
    public static float RadToDeg(float radians) => radians * (180f / PI);

    public static float Floor(float value) => MathF.Floor(value);
    public static float Ceiling(float value) => MathF.Ceiling(value);
    public static float Truncate(float value) => MathF.Truncate(value);

    /// <summary>Halves go to the even neighbour.</summary>
    public static float Round(float value) => MathF.Round(value);
    public static float RoundToEven(float value) => MathF.Round(value);
    public static float RoundAwayFromZero(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>The sign of x, as C's fmod.</summary>
    public static float Rem(float x, float y) => x % y;
    public static float IEEERemainder(float x, float y) => MathF.IEEERemainder(x, y);
}
