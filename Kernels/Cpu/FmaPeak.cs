using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Kernels;

/// <summary>What the processor's fused multiply-add units give when nothing else is asked of them: the bound of every matrix product.</summary>
public static class FmaPeak
{
    const int Chains = 12, Turns = 200_000;

    /// <summary>GFLOP/s of <paramref name="threads"/> threads at once: the median of nine short runs.</summary>
    public static double Measure(int threads)
    {
        using var team = new Team(threads);
        double[] rates = new double[9], sinks = new double[threads];
        for (int i = -1; i < rates.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            team.For(threads, 1, (from, _) => sinks[from] += Run(from + 1));
            if (i >= 0) rates[i] = 2.0 * Chains * Turns * Lanes * threads / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }
        if (sinks.Any(double.IsNaN)) throw new InvalidOperationException("the sums of the peak loop are not numbers");
        Array.Sort(rates);
        return rates[rates.Length / 2];
    }

    static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    static double Run(float seed) => Vector512.IsHardwareAccelerated ? Run512(seed) : Vector256.IsHardwareAccelerated ? Run256(seed) : Run128(seed);

    // Twelve independent chains cover the latency of two units. The chains start from different values and their sum is used:
    // equal or unused ones would be folded away. x ← x·m + a stays near a/(1 − m), a normal number.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Run512(float s)
    {
        var m = Vector512.Create(0.5f * s / (s + 0.1f));
        var a = Vector512.Create(s);
        Vector512<float> c0 = a, c1 = a + a, c2 = c1 + a, c3 = c2 + a, c4 = c3 + a, c5 = c4 + a, c6 = c5 + a, c7 = c6 + a, c8 = c7 + a, c9 = c8 + a, c10 = c9 + a, c11 = c10 + a;
        for (int i = 0; i < Turns; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, m, a);
            c1 = Vector512.FusedMultiplyAdd(c1, m, a);
            c2 = Vector512.FusedMultiplyAdd(c2, m, a);
            c3 = Vector512.FusedMultiplyAdd(c3, m, a);
            c4 = Vector512.FusedMultiplyAdd(c4, m, a);
            c5 = Vector512.FusedMultiplyAdd(c5, m, a);
            c6 = Vector512.FusedMultiplyAdd(c6, m, a);
            c7 = Vector512.FusedMultiplyAdd(c7, m, a);
            c8 = Vector512.FusedMultiplyAdd(c8, m, a);
            c9 = Vector512.FusedMultiplyAdd(c9, m, a);
            c10 = Vector512.FusedMultiplyAdd(c10, m, a);
            c11 = Vector512.FusedMultiplyAdd(c11, m, a);
        }
        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Run256(float s)
    {
        var m = Vector256.Create(0.5f * s / (s + 0.1f));
        var a = Vector256.Create(s);
        Vector256<float> c0 = a, c1 = a + a, c2 = c1 + a, c3 = c2 + a, c4 = c3 + a, c5 = c4 + a, c6 = c5 + a, c7 = c6 + a, c8 = c7 + a, c9 = c8 + a, c10 = c9 + a, c11 = c10 + a;
        for (int i = 0; i < Turns; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, m, a);
            c1 = Vector256.FusedMultiplyAdd(c1, m, a);
            c2 = Vector256.FusedMultiplyAdd(c2, m, a);
            c3 = Vector256.FusedMultiplyAdd(c3, m, a);
            c4 = Vector256.FusedMultiplyAdd(c4, m, a);
            c5 = Vector256.FusedMultiplyAdd(c5, m, a);
            c6 = Vector256.FusedMultiplyAdd(c6, m, a);
            c7 = Vector256.FusedMultiplyAdd(c7, m, a);
            c8 = Vector256.FusedMultiplyAdd(c8, m, a);
            c9 = Vector256.FusedMultiplyAdd(c9, m, a);
            c10 = Vector256.FusedMultiplyAdd(c10, m, a);
            c11 = Vector256.FusedMultiplyAdd(c11, m, a);
        }
        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Run128(float s)
    {
        var m = Vector128.Create(0.5f * s / (s + 0.1f));
        var a = Vector128.Create(s);
        Vector128<float> c0 = a, c1 = a + a, c2 = c1 + a, c3 = c2 + a, c4 = c3 + a, c5 = c4 + a, c6 = c5 + a, c7 = c6 + a, c8 = c7 + a, c9 = c8 + a, c10 = c9 + a, c11 = c10 + a;
        for (int i = 0; i < Turns; i++)
        {
            c0 = Vector128.MultiplyAddEstimate(c0, m, a);
            c1 = Vector128.MultiplyAddEstimate(c1, m, a);
            c2 = Vector128.MultiplyAddEstimate(c2, m, a);
            c3 = Vector128.MultiplyAddEstimate(c3, m, a);
            c4 = Vector128.MultiplyAddEstimate(c4, m, a);
            c5 = Vector128.MultiplyAddEstimate(c5, m, a);
            c6 = Vector128.MultiplyAddEstimate(c6, m, a);
            c7 = Vector128.MultiplyAddEstimate(c7, m, a);
            c8 = Vector128.MultiplyAddEstimate(c8, m, a);
            c9 = Vector128.MultiplyAddEstimate(c9, m, a);
            c10 = Vector128.MultiplyAddEstimate(c10, m, a);
            c11 = Vector128.MultiplyAddEstimate(c11, m, a);
        }
        return Vector128.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}
