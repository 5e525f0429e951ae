using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>One row of a softmax with SIMD. Rests of rows are padded so that every lane does the same.</summary>
static unsafe class SoftmaxRow
{
    /// <summary>y ← softmax(x); returns log Σ exp x.</summary>
    public static double Probabilities(float* x, float* y, int n)
    {
        float max = ReduceRow.Of<Maximum>(x, n), sum = ExpSum(x, y, n, max);
        Scale(y, n, 1f / sum);
        return max + Math.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogProbabilities(float* x, float* y, int n)
    {
        float max = ReduceRow.Of<Maximum>(x, n), logSum = MathF.Log(ExpSum(x, null, n, max));
        var (m, l) = (new Vector<float>(max), new Vector<float>(logSum));
        int width = Vector<float>.Count, i = 0;
        for (; i <= n - width; i += width) Vector.Store(Vector.Load(x + i) - m - l, y + i);
        if (i < n) VectorTail.Store(VectorTail.Load(x + i, n - i) - m - l, y + i, n - i);
    }

    /// <summary>Σ exp(x[c] − x[label]) over all others.</summary>
    public static float Odds(float* x, int n, int label) => ExpSum(x, null, label, x[label]) + ExpSum(x + label + 1, null, n - label - 1, x[label]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* y, float* dy, float* dx, int n)
    {
        int width = Vector<float>.Count, i = 0;
        var dots = Vector<float>.Zero;
        for (; i <= n - width; i += width) dots += Vector.Load(y + i) * Vector.Load(dy + i);
        if (i < n) dots += VectorTail.Load(y + i, n - i) * VectorTail.Load(dy + i, n - i);
        var dot = new Vector<float>(VectorMath.Combine<Sum>(dots));
        for (i = 0; i <= n - width; i += width) Vector.Store(Vector.Load(y + i) * (Vector.Load(dy + i) - dot), dx + i);
        if (i < n) VectorTail.Store(VectorTail.Load(y + i, n - i) * (VectorTail.Load(dy + i, n - i) - dot), dx + i, n - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogBackward(float* y, float* dy, float* dx, int n)
    {
        int width = Vector<float>.Count, i = 0;
        var sums = Vector<float>.Zero;
        for (; i <= n - width; i += width) sums += Vector.Load(dy + i);
        if (i < n) sums += VectorTail.Load(dy + i, n - i);
        var sum = new Vector<float>(VectorMath.Combine<Sum>(sums));
        for (i = 0; i <= n - width; i += width) Vector.Store(Vector.Load(dy + i) - VectorMath.Exp(Vector.Load(y + i)) * sum, dx + i);
        if (i < n) VectorTail.Store(VectorTail.Load(dy + i, n - i) - VectorMath.Exp(VectorTail.Load(y + i, n - i)) * sum, dx + i, n - i);
    }

    /// <summary>Σ exp(x − max), each term also stored in y unless that is null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float ExpSum(float* x, float* y, int n, float max)
    {
        int width = Vector<float>.Count, i = 0;
        var m = new Vector<float>(max);
        var sums = Vector<float>.Zero;
        for (; i <= n - width; i += width)
        {
            var e = VectorMath.Exp(Vector.Load(x + i) - m);
            if (y != null) Vector.Store(e, y + i);
            sums += e;
        }
        if (i < n)
        {
            var e = VectorMath.Exp(VectorTail.Load(x + i, n - i, float.NegativeInfinity) - m);
            if (y != null) VectorTail.Store(e, y + i, n - i);
            sums += e;
        }
        return VectorMath.Combine<Sum>(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scale(float* y, int n, float scale)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= n - width; i += width) Vector.Store(Vector.Load(y + i) * scale, y + i);
        if (i < n) VectorTail.Store(VectorTail.Load(y + i, n - i) * scale, y + i, n - i);
    }
}
