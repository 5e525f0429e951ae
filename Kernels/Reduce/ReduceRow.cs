using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Neighbouring numbers combined into one, in four independent chains.</summary>
static unsafe class ReduceRow
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<R>(float* x, int count) where R : struct, IReduction
    {
        int width = Vector<float>.Count, i = 0;
        var a = new Vector<float>(R.Neutral);
        if (count >= 4 * width)
        {
            Vector<float> b = a, c = a, d = a;
            for (; i <= count - 4 * width; i += 4 * width)
            {
                a = R.Combine(a, Vector.Load(x + i));
                b = R.Combine(b, Vector.Load(x + i + width));
                c = R.Combine(c, Vector.Load(x + i + 2 * width));
                d = R.Combine(d, Vector.Load(x + i + 3 * width));
            }
            a = R.Combine(R.Combine(a, b), R.Combine(c, d));
        }
        for (; i <= count - width; i += width) a = R.Combine(a, Vector.Load(x + i));
        if (i < count) a = R.Combine(a, VectorTail.Load(x + i, count - i, R.Neutral));
        return VectorMath.Combine<R>(a);
    }
}
