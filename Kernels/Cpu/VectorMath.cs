using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>Functions of SIMD lanes that System.Numerics lacks, or computes in double at half the width.</summary>
static unsafe class VectorMath
{
    /// <summary>eˣ within 2 units in the last place, with gradual underflow; ∞ above 88.72, NaN for NaN.</summary>
    /// <remarks>2ⁿ in two factors, so that neither leaves the range, or by one instruction that rounds once.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        var bounded = Vector.MinNative(new(90f), Vector.MaxNative(new(-105f), x));    // of two numbers one of which is NaN, x86 takes the second: NaN stays
        var e = Remainder(bounded, out var shifted) + Vector<float>.One;
        if (Avx512F.VL.IsSupported && Vector<float>.Count == Vector256<float>.Count)
            return Avx512F.VL.Scale(e.AsVector256(), (shifted - RoundToInteger).AsVector256()).AsVector();
        var integer = Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(RoundToInteger);
        var half = integer >> 1;
        return e * PowerOfTwo(half) * PowerOfTwo(integer - half);
    }

    /// <summary>eʳ − 1 where x = n·ln 2 + r with |r| ≤ ½ ln 2, and n + <see cref="RoundToInteger"/>, whose low bits are n.</summary>
    /// <remarks>eʳ = 1 + r + r²·q(r), q fitted to a relative error of 4·10⁻⁹; ln 2 = 0.693359375 − 2.12194440e−4, the first exact in 10 bits.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> Remainder(Vector<float> x, out Vector<float> shifted)
    {
        shifted = Vector.MultiplyAddEstimate(x, new(1.44269504f), RoundToInteger);
        var n = shifted - RoundToInteger;
        var r = Vector.MultiplyAddEstimate(n, new(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new(2.12194440e-4f), r);

        var q = Vector.MultiplyAddEstimate(new(0.0013951717f), r, new(0.008369599f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.041666187f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.16666512f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.5f));
        return Vector.MultiplyAddEstimate(q, r * r, r);
    }

    /// <summary>1.5·2²³: added to a small number it leaves the nearest integer in the low bits.</summary>
    static Vector<float> RoundToInteger => new(12582912f);

    /// <summary>log(1 + e) for 0 ≤ e, with relative accuracy for small e.</summary>
    /// <remarks>log(u)·e/(u − 1), u = 1 + e rounded: the quotient undoes the rounding (Kahan; Goldberg 1991, theorem 4).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log1p(Vector<float> e)
    {
        var u = Vector<float>.One + e;
        var tiny = Vector.Equals(u, Vector<float>.One);
        return Vector.ConditionalSelect(tiny, e, Vector.Log(u) * (e / (u - Vector<float>.One)));
    }

    /// <summary>tanh x within 3 units in the last place.</summary>
    /// <remarks>(e²ˣ − 1)/(e²ˣ + 1) of |x|, with e²ˣ = 2ⁿ·(1 + p): 2ⁿ·p + (2ⁿ − 1) loses nothing where it is small, because n is 0 there. 1 from 9.02 on.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        var a = Vector.Abs(x);
        var p = Remainder(Vector.MinNative(new(40f), a + a), out var shifted);        // NaN stays, as in Exp
        var power = PowerOfTwo(Vector.AsVectorInt32(shifted));                          // the shift drops all but the low bits
        var above = Vector.MultiplyAddEstimate(power, p, power - Vector<float>.One);
        var below = Vector.MultiplyAddEstimate(power, p, power + Vector<float>.One);
        return Vector.CopySign(above / below, x);
    }

    static Vector<float> PowerOfTwo(Vector<int> n) => Vector.AsVectorSingle((n + new Vector<int>(127)) << 23);

    /// <summary>All lanes combined in halves: the first with the second half of what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Combine<R>(Vector<float> v) where R : struct, IReduction
    {
        if (Vector<float>.Count == 8)
        {
            v = R.Combine(v, Vector256.Shuffle(v.AsVector256(), Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)).AsVector());
            v = R.Combine(v, Vector256.Shuffle(v.AsVector256(), Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)).AsVector());
            return R.Combine(v, Vector256.Shuffle(v.AsVector256(), Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)).AsVector())[0];
        }
        if (Vector<float>.Count == 4)
        {
            v = R.Combine(v, Vector128.Shuffle(v.AsVector128(), Vector128.Create(2, 3, 0, 1)).AsVector());
            return R.Combine(v, Vector128.Shuffle(v.AsVector128(), Vector128.Create(1, 0, 3, 2)).AsVector())[0];
        }
        for (int half = Vector<float>.Count / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) ((float*)&v)[i] = R.Combine(((float*)&v)[i], ((float*)&v)[i + half]);
        return v[0];
    }
}
