using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>The standard normal distribution in float32.</summary>
/// <remarks>
/// Φ(−|x|) = ½·u·exp(p(u) − x²/2) with u = 1/(1 + |x|/√8): the tail keeps its relative accuracy (about 10⁻⁶), and 1 − tail is
/// within 2·10⁻⁷ on the other side. p approximates log(erfcx(t)/u), t = |x|/√2, to 6·10⁻⁸; the substitution is the one of
/// Press et al., Numerical Recipes, section 6.2.
/// </remarks>
static class NormalCurve
{
    const float InvSqrt8 = 0.35355339f, InvSqrt2Pi = 0.39894228f;
    const float P0 = -1.2654955f, P1 = 0.9996294f, P2 = 0.37785998f, P3 = 0.077412f, P4 = -0.12657146f;
    const float P5 = 0.16328041f, P6 = -0.9935521f, P7 = 1.3818003f, P8 = -0.77704805f, P9 = 0.16268513f;

    public static float Cumulative(float x)
    {
        float u = 1f / (1f + XMath.Abs(x) * InvSqrt8);
        float p = ((((((((P9 * u + P8) * u + P7) * u + P6) * u + P5) * u + P4) * u + P3) * u + P2) * u + P1) * u + P0;
        float tail = 0.5f * u * XMath.Exp(p - 0.5f * x * x);
        return x < 0f ? tail : 1f - tail;
    }

    public static float Density(float x) => InvSqrt2Pi * XMath.Exp(-0.5f * x * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Cumulative(Vector<float> x)
    {
        var one = Vector<float>.One;
        var u = one / (one + Vector.Abs(x) * InvSqrt8);
        var p = Vector.MultiplyAddEstimate(new(P9), u, new(P8));
        p = Vector.MultiplyAddEstimate(p, u, new(P7));
        p = Vector.MultiplyAddEstimate(p, u, new(P6));
        p = Vector.MultiplyAddEstimate(p, u, new(P5));
        p = Vector.MultiplyAddEstimate(p, u, new(P4));
        p = Vector.MultiplyAddEstimate(p, u, new(P3));
        p = Vector.MultiplyAddEstimate(p, u, new(P2));
        p = Vector.MultiplyAddEstimate(p, u, new(P1));
        p = Vector.MultiplyAddEstimate(p, u, new(P0));
        var tail = u * 0.5f * VectorMath.Exp(p - x * x * 0.5f);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), tail, one - tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Density(Vector<float> x) => VectorMath.Exp(x * x * -0.5f) * InvSqrt2Pi;
}
