using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuBinary(Team team) : IBinaryKernels
{
    public void Forward<F>(View a, View b, View y, BroadcastShape s) where F : struct, IBinary =>
        Each<Value<F>>(a, b, y, y, s);

    public void BackwardA<F>(View a, View b, View dy, View da, BroadcastShape s) where F : struct, IBinary
    {
        Expect.Length(dy, s.Count, "binary: dy");
        Each<SlopeA<F>>(a, b, dy, da, s);
    }

    public void BackwardB<F>(View a, View b, View dy, View db, BroadcastShape s) where F : struct, IBinary
    {
        Expect.Length(dy, s.Count, "binary: dy");
        Each<SlopeB<F>>(a, b, dy, db, s);
    }

    /// <summary>What a pass computes from a, b and the incoming gradient; only gradients load the latter.</summary>
    interface IPass
    {
        static abstract Vector<float> Of(Vector<float> a, Vector<float> b, float* dy);
        static abstract float Of(float a, float b, float* dy);
    }

    readonly struct Value<F> : IPass where F : struct, IBinary
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b, float* dy) => F.Value(a, b);
        public static float Of(float a, float b, float* dy) => F.Value(a, b);
    }

    readonly struct SlopeA<F> : IPass where F : struct, IBinary
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b, float* dy) => F.SlopeA(a, b) * Vector.Load(dy);
        public static float Of(float a, float b, float* dy) => F.SlopeA(a, b) * *dy;
    }

    readonly struct SlopeB<F> : IPass where F : struct, IBinary
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b, float* dy) => F.SlopeB(a, b) * Vector.Load(dy);
        public static float Of(float a, float b, float* dy) => F.SlopeB(a, b) * *dy;
    }

    void Each<P>(View a, View b, View dy, View y, BroadcastShape s) where P : struct, IPass
    {
        Expect.Length(a, s.ASize, "binary: a");
        Expect.Length(b, s.BSize, "binary: b");
        Expect.Length(y, s.Count, "binary: the result");
        team.For(s.Count, Team.Grain, (from, to) => Rows<P>(a.Data, b.Data, dy.Data, y.Data, s, (int)from, (int)to));
    }

    /// <summary>Elements from … to−1 of the result, row by row of the innermost axis; the first and last row may be parts.</summary>
    static void Rows<P>(float* a, float* b, float* dy, float* y, BroadcastShape s, int from, int to) where P : struct, IPass
    {
        int i3 = from % s.D3, i2 = from / s.D3 % s.D2, i1 = from / s.D3 / s.D2 % s.D1, i0 = from / s.D3 / s.D2 / s.D1;
        for (int i = from; i < to;)
        {
            int count = Math.Min(s.D3 - i3, to - i);
            float* rowA = a + (long)i0 * s.A0 + (long)i1 * s.A1 + (long)i2 * s.A2 + (long)i3 * s.A3;
            float* rowB = b + (long)i0 * s.B0 + (long)i1 * s.B1 + (long)i2 * s.B2 + (long)i3 * s.B3;
            Row<P>(rowA, s.A3, rowB, s.B3, dy + i, y + i, count);
            i += count;
            i3 = 0;
            if (++i2 < s.D2) continue;
            i2 = 0;
            if (++i1 < s.D1) continue;
            i1 = 0;
            i0++;
        }
    }

    /// <summary>One row; a stride is 1, or 0 where the operand is the same along the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row<P>(float* a, int strideA, float* b, int strideB, float* dy, float* y, int count) where P : struct, IPass
    {
        int width = Vector<float>.Count, i = 0;
        if (count >= width && strideA != 0 && strideB != 0)
        {
            for (; i <= count - 2 * width; i += 2 * width)
            {
                var first = P.Of(Vector.Load(a + i), Vector.Load(b + i), dy + i);
                var second = P.Of(Vector.Load(a + i + width), Vector.Load(b + i + width), dy + i + width);
                Vector.Store(first, y + i);
                Vector.Store(second, y + i + width);
            }
            for (; i <= count - width; i += width) Vector.Store(P.Of(Vector.Load(a + i), Vector.Load(b + i), dy + i), y + i);
        }
        else if (count >= width && strideA != 0)
        {
            var same = new Vector<float>(*b);
            for (; i <= count - width; i += width) Vector.Store(P.Of(Vector.Load(a + i), same, dy + i), y + i);
        }
        else if (count >= width && strideB != 0)
        {
            var same = new Vector<float>(*a);
            for (; i <= count - width; i += width) Vector.Store(P.Of(same, Vector.Load(b + i), dy + i), y + i);
        }
        for (; i < count; i++) y[i] = P.Of(a[i * strideA], b[i * strideB], dy + i);
    }
}
