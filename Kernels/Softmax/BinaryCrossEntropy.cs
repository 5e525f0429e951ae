using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>(1 − t)·softplus(x) + p·t·softplus(−x) and its slope, for stretches of an array.</summary>
static unsafe class BinaryCrossEntropy
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(float* x, float* t, int n, float p)
    {
        int width = Vector<float>.Count, i = 0;
        var sums = Vector<float>.Zero;
        for (; i <= n - width; i += width) sums += Loss(Vector.Load(x + i), Vector.Load(t + i), p);
        double sum = VectorMath.Combine<Sum>(sums);
        if (i == n) return sum;
        var rest = Loss(VectorTail.Load(x + i, n - i), VectorTail.Load(t + i, n - i), p);
        for (int k = 0; k < n - i; k++) sum += rest[k];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Slopes(float* x, float* t, float* dx, long n, float p, float scale)
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= n - width; i += width) Vector.Store(Slope(Vector.Load(x + i), Vector.Load(t + i), p) * scale, dx + i);
        int rest = (int)(n - i);
        if (rest > 0) VectorTail.Store(Slope(VectorTail.Load(x + i, rest), VectorTail.Load(t + i, rest), p) * scale, dx + i, rest);
    }

    public static float Loss(float x, float t, float p) => (1f - t) * Softplus.Value(x) + p * t * Softplus.Value(-x);
    public static float Slope(float x, float t, float p) => (1f - t) * Sigmoid.Value(x) - p * t * Sigmoid.Value(-x);

    static Vector<float> Loss(Vector<float> x, Vector<float> t, float p) => (Vector<float>.One - t) * Softplus.Value(x) + t * p * Softplus.Value(-x);
    static Vector<float> Slope(Vector<float> x, Vector<float> t, float p) => (Vector<float>.One - t) * Sigmoid.Value(x) - t * p * Sigmoid.Value(-x);
}
