using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>Functions of SIMD lanes that System.Numerics lacks, or computes in double at half the width.</summary>
static unsafe class VectorMath
{
    /// <summary>eˣ within 2 units in the last place, with gradual underflow; ∞ above 88.72, NaN for NaN.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ½ ln 2; eʳ = 1 + r + r²·q(r), q fitted to a relative error of 4·10⁻⁹; 2ⁿ in two factors, so that neither leaves the range, or by one instruction that rounds once.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        var bounded = Vector.MinNative(new(90f), Vector.MaxNative(new(-105f), x));    // of two numbers one of which is NaN, x86 takes the second: NaN stays
        var roundToInteger = new Vector<float>(12582912f);                    // 1.5·2²³: the integer ends up in the low bits
        var shifted = Vector.MultiplyAddEstimate(bounded, new(1.44269504f), roundToInteger);
        var n = shifted - roundToInteger;
        var r = Vector.MultiplyAddEstimate(n, new(-0.693359375f), bounded);   // ln 2 = 0.693359375 − 2.12194440e−4, the first exact in 10 bits
        r = Vector.MultiplyAddEstimate(n, new(2.12194440e-4f), r);

        var q = Vector.MultiplyAddEstimate(new(0.0013951717f), r, new(0.008369599f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.041666187f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.16666512f));
        q = Vector.MultiplyAddEstimate(q, r, new(0.5f));
        var e = Vector.MultiplyAddEstimate(q, r * r, r) + Vector<float>.One;

        if (Avx512F.VL.IsSupported && Vector<float>.Count == Vector256<float>.Count) return Avx512F.VL.Scale(e.AsVector256(), n.AsVector256()).AsVector();
        var integer = Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(roundToInteger);
        var half = integer >> 1;
        return e * PowerOfTwo(half) * PowerOfTwo(integer - half);
    }

    /// <summary>log(1 + e) for 0 ≤ e, with relative accuracy for small e.</summary>
    /// <remarks>log(u)·e/(u − 1), u = 1 + e rounded: the quotient undoes the rounding (Kahan; Goldberg 1991, theorem 4).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log1p(Vector<float> e)
    {
        var u = Vector<float>.One + e;
        var tiny = Vector.Equals(u, Vector<float>.One);
        return Vector.ConditionalSelect(tiny, e, Vector.Log(u) * (e / (u - Vector<float>.One)));
    }

    /// <summary>tanh x within 3 units in the last place: x + x³·p(x²) up to 0.625, 1 − 2/(e²ˣ + 1) beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        var z = x * x;
        var p = Vector.MultiplyAddEstimate(new(-0.005717037f), z, new(0.020650579f));
        p = Vector.MultiplyAddEstimate(p, z, new(-0.053743497f));
        p = Vector.MultiplyAddEstimate(p, z, new(0.13331491f));
        p = Vector.MultiplyAddEstimate(p, z, new(-0.33333284f));
        var small = Vector.MultiplyAddEstimate(p * z, x, x);

        var a = Vector.Abs(x);
        var large = Vector<float>.One - new Vector<float>(2f) / (Exp(a + a) + Vector<float>.One);
        return Vector.ConditionalSelect(Vector.LessThan(a, new(0.625f)), small, Vector.CopySign(large, x));
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
