using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuPath(Team team) : IPath
{
    public void Interpolate(View x, View baseline, View alphas, View points, int count)
    {
        int each = PathShape.CheckInterpolate(x, baseline, alphas, points, count);
        if (each == 0) return;
        long size = x.Length;
        team.For(points.Length, Team.Grain, (from, to) =>
        {
            for (long i = from; i < to;)
            {
                long point = i / size, j = i % size, at = j % each, run = Math.Min(each == 1 ? size - j : each - at, to - i);
                float* a = alphas.Data + point * each + at;
                if (each == 1) Row(x.Data + j, baseline.Data + j, *a, points.Data + i, run);
                else Masked(x.Data + j, baseline.Data + j, a, points.Data + i, run);
                i += run;
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(float* x, float* baseline, float alpha, float* y, long count)
    {
        int width = Vector<float>.Count;
        var a = new Vector<float>(alpha);
        long i = 0;
        for (; i <= count - width; i += width) Vector.Store(Between(Vector.Load(x + i), Vector.Load(baseline + i), a), y + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(Between(VectorTail.Load(x + i, rest), VectorTail.Load(baseline + i, rest), a), y + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Masked(float* x, float* baseline, float* alphas, float* y, long count)
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - width; i += width) Vector.Store(Between(Vector.Load(x + i), Vector.Load(baseline + i), Vector.Load(alphas + i)), y + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(Between(VectorTail.Load(x + i, rest), VectorTail.Load(baseline + i, rest), VectorTail.Load(alphas + i, rest)), y + i, rest);
    }

    static Vector<float> Between(Vector<float> x, Vector<float> b, Vector<float> a) => a * x + (Vector<float>.One - a) * b;

    public void WeightedSum(View values, View weights, View sum)
    {
        PathShape.CheckWeightedSum(values, weights, sum);
        int steps = weights.IntLength;
        long grain = Math.Max(1, Team.Grain / Math.Max(1, steps) / 64) * 64;
        team.For(sum.Length, grain, (from, to) =>
        {
            int width = Vector<float>.Count;
            float* v = values.Data, w = weights.Data, y = sum.Data;
            long size = sum.Length, j = from;
            for (; j <= to - 4 * width; j += 4 * width)
            {
                Vector<float> a = default, b = default, c = default, d = default;
                for (int i = 0; i < steps; i++)
                {
                    float* row = v + i * size + j;
                    var weight = new Vector<float>(w[i]);
                    a = Vector.MultiplyAddEstimate(Vector.Load(row), weight, a);
                    b = Vector.MultiplyAddEstimate(Vector.Load(row + width), weight, b);
                    c = Vector.MultiplyAddEstimate(Vector.Load(row + 2 * width), weight, c);
                    d = Vector.MultiplyAddEstimate(Vector.Load(row + 3 * width), weight, d);
                }
                Vector.Store(a, y + j);
                Vector.Store(b, y + j + width);
                Vector.Store(c, y + j + 2 * width);
                Vector.Store(d, y + j + 3 * width);
            }
            for (; j < to; j += width)
            {
                int count = (int)Math.Min(width, to - j);
                Vector<float> a = default;
                for (int i = 0; i < steps; i++) a = Vector.MultiplyAddEstimate(VectorTail.Load(v + i * size + j, count), new(w[i]), a);
                VectorTail.Store(a, y + j, count);
            }
        });
    }
}
