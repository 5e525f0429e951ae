using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Kernels;

/// <summary>Largest value of each window of one plane, and where it stands. Eight windows of a row at a time for column strides 1 and 2.</summary>
/// <remarks>The taps of a window run in reading order, and a tap replaces the best so far unless it is ≤ it or the best is a NaN: ties and NaN fall out of that.</remarks>
static unsafe class MaxWindows
{
    const int Lanes = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Plane(float* x, float* y, int* argmax, Pool2dShape s)
    {
        // windows qFirst … qEnd−1 need no clipping of columns
        int qFirst = Math.Min((s.PadW + s.StrideW - 1) / s.StrideW, s.Q);
        int qEnd = s.W + s.PadW < s.S ? qFirst : Math.Clamp((s.W + s.PadW - s.S) / s.StrideW + 1, qFirst, s.Q);
        bool wide = qEnd - qFirst >= Lanes && s.StrideW <= 2;
        for (int p = 0; p < s.P; p++, y += s.Q, argmax += s.Q)
        {
            int h = p * s.StrideH - s.PadH, hEnd = Math.Min(h + s.R, s.H);
            h = Math.Max(h, 0);
            if (wide)
            {
                for (int q = 0; q < qFirst; q++) One(x, y, argmax, h, hEnd, q, s);
                if (s.StrideW == 2) Row<EverySecond>(x, y, argmax, h, hEnd, qFirst, qEnd, s);
                else Row<Every>(x, y, argmax, h, hEnd, qFirst, qEnd, s);
                for (int q = qEnd; q < s.Q; q++) One(x, y, argmax, h, hEnd, q, s);
            }
            else
                for (int q = 0; q < s.Q; q++) One(x, y, argmax, h, hEnd, q, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row<TStep>(float* x, float* y, int* argmax, int h, int hEnd, int qFirst, int qEnd, Pool2dShape s) where TStep : struct, IStep
    {
        // the last block overlaps the one before rather than leaving a rest
        for (int block = qFirst; block < qEnd; block += Lanes) EightWindows<TStep>(x, y, argmax, h, hEnd, Math.Min(block, qEnd - Lanes), s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void EightWindows<TStep>(float* x, float* y, int* argmax, int h, int hEnd, int q, Pool2dShape s) where TStep : struct, IStep
    {
        int start = h * s.W + q * s.StrideW - s.PadW;
        var best = TStep.Load(x + start);
        var place = Vector256.Create(start) + TStep.Places;
        var where = place;
        for (int row = h; row < hEnd; row++, start += s.W, place += Vector256.Create(s.W))
            for (int t = 0; t < s.S; t++)
            {
                var value = TStep.Load(x + start + t);
                var wins = ~Vector256.LessThanOrEqual(value, best) & Vector256.Equals(best, best);
                best = Vector256.ConditionalSelect(wins, value, best);
                where = Vector256.ConditionalSelect(wins.AsInt32(), place + Vector256.Create(t), where);
            }
        best.Store(y + q);
        where.Store(argmax + q);
    }

    // A vector of which one lane counts: which tap wins is not predictable, and a wrong guess costs more than all the rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* x, float* y, int* argmax, int h, int hEnd, int q, Pool2dShape s)
    {
        int w = q * s.StrideW - s.PadW, wEnd = Math.Min(w + s.S, s.W);
        w = Math.Max(w, 0);
        var where = Vector128.CreateScalarUnsafe(h * s.W + w);
        var best = Vector128.CreateScalarUnsafe(x[h * s.W + w]);
        for (; h < hEnd; h++)
            for (int place = h * s.W + w; place < h * s.W + wEnd; place++)
            {
                var value = Vector128.CreateScalarUnsafe(x[place]);
                var wins = ~Vector128.LessThanOrEqual(value, best) & Vector128.Equals(best, best);
                best = Vector128.ConditionalSelect(wins, value, best);
                where = Vector128.ConditionalSelect(wins.AsInt32(), Vector128.CreateScalarUnsafe(place), where);
            }
        y[q] = best.ToScalar();
        argmax[q] = where.ToScalar();
    }

    /// <summary>Distance of neighbouring windows along a row.</summary>
    interface IStep
    {
        /// <summary>p[0], p[step], …, p[7·step]; touches nothing beyond.</summary>
        static abstract Vector256<float> Load(float* p);
        static abstract Vector256<int> Places { get; }
    }

    readonly struct Every : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* p) => Vector256.Load(p);

        public static Vector256<int> Places => Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
    }

    readonly struct EverySecond : IStep
    {
        // Elements 0, 2, 4, 6 stand at even lanes of the first load, 8, 10, 12, 14 at odd lanes of a load that starts at 7.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* p)
        {
            var mixed = Vector256.ConditionalSelect(Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle(), Vector256.Load(p), Vector256.Load(p + 7));
            return Vector256.Shuffle(mixed, Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
        }

        public static Vector256<int> Places => Vector256.Create(0, 2, 4, 6, 8, 10, 12, 14);
    }
}
