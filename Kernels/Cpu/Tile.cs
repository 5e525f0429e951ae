using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>How many rows a tile has: a number the JIT sees as a constant.</summary>
interface IRowCount
{
    static abstract int Rows { get; }
}

/// <summary>The micro-kernel under matrix products and convolutions: a block of c stays in registers while the whole depth runs by.</summary>
/// <remarks>
/// c[r, j] = start + Σ over k of a[k·RowStride + r] · b[k·2·lanes + j], r below Rows, j below 2·lanes; start is 0, bias[r] or c itself.
/// 14 rows × 2 registers leave four of 32 for b and the broadcast. One text for every height and width: the JIT folds
/// the comparisons with Rows away and keeps the named sums in registers (arrays or spans would live in memory).
/// </remarks>
static unsafe class Tile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, V>(int depth, float* a, float* b, float* c, nint ldc, float* bias, bool accumulate)
        where TRows : struct, IRowCount where V : struct, ILanes<V>
    {
        V s0 = default, t0 = default;
        V s1 = default, t1 = default;
        V s2 = default, t2 = default;
        V s3 = default, t3 = default;
        V s4 = default, t4 = default;
        V s5 = default, t5 = default;
        V s6 = default, t6 = default;
        V s7 = default, t7 = default;
        V s8 = default, t8 = default;
        V s9 = default, t9 = default;
        V s10 = default, t10 = default;
        V s11 = default, t11 = default;
        V s12 = default, t12 = default;
        V s13 = default, t13 = default;
        if (accumulate && Sse.IsSupported)                            // c comes from far away, and its rows are too far apart for the hardware to guess
            for (int r = 0; r < TRows.Rows; r++)
            {
                Sse.Prefetch0(c + r * ldc);
                Sse.Prefetch0(c + r * ldc + V.Count);
            }
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            if (TRows.Rows > 0) { var x = V.Broadcast(a[0]); s0 = V.MultiplyAdd(x, b0, s0); t0 = V.MultiplyAdd(x, b1, t0); }
            if (TRows.Rows > 1) { var x = V.Broadcast(a[1]); s1 = V.MultiplyAdd(x, b0, s1); t1 = V.MultiplyAdd(x, b1, t1); }
            if (TRows.Rows > 2) { var x = V.Broadcast(a[2]); s2 = V.MultiplyAdd(x, b0, s2); t2 = V.MultiplyAdd(x, b1, t2); }
            if (TRows.Rows > 3) { var x = V.Broadcast(a[3]); s3 = V.MultiplyAdd(x, b0, s3); t3 = V.MultiplyAdd(x, b1, t3); }
            if (TRows.Rows > 4) { var x = V.Broadcast(a[4]); s4 = V.MultiplyAdd(x, b0, s4); t4 = V.MultiplyAdd(x, b1, t4); }
            if (TRows.Rows > 5) { var x = V.Broadcast(a[5]); s5 = V.MultiplyAdd(x, b0, s5); t5 = V.MultiplyAdd(x, b1, t5); }
            if (TRows.Rows > 6) { var x = V.Broadcast(a[6]); s6 = V.MultiplyAdd(x, b0, s6); t6 = V.MultiplyAdd(x, b1, t6); }
            if (TRows.Rows > 7) { var x = V.Broadcast(a[7]); s7 = V.MultiplyAdd(x, b0, s7); t7 = V.MultiplyAdd(x, b1, t7); }
            if (TRows.Rows > 8) { var x = V.Broadcast(a[8]); s8 = V.MultiplyAdd(x, b0, s8); t8 = V.MultiplyAdd(x, b1, t8); }
            if (TRows.Rows > 9) { var x = V.Broadcast(a[9]); s9 = V.MultiplyAdd(x, b0, s9); t9 = V.MultiplyAdd(x, b1, t9); }
            if (TRows.Rows > 10) { var x = V.Broadcast(a[10]); s10 = V.MultiplyAdd(x, b0, s10); t10 = V.MultiplyAdd(x, b1, t10); }
            if (TRows.Rows > 11) { var x = V.Broadcast(a[11]); s11 = V.MultiplyAdd(x, b0, s11); t11 = V.MultiplyAdd(x, b1, t11); }
            if (TRows.Rows > 12) { var x = V.Broadcast(a[12]); s12 = V.MultiplyAdd(x, b0, s12); t12 = V.MultiplyAdd(x, b1, t12); }
            if (TRows.Rows > 13) { var x = V.Broadcast(a[13]); s13 = V.MultiplyAdd(x, b0, s13); t13 = V.MultiplyAdd(x, b1, t13); }
            a += V.RowStride;
            b += 2 * V.Count;
        }
        if (bias != null)
        {
            if (TRows.Rows > 0) { var x = V.Broadcast(bias[0]); s0 += x; t0 += x; }
            if (TRows.Rows > 1) { var x = V.Broadcast(bias[1]); s1 += x; t1 += x; }
            if (TRows.Rows > 2) { var x = V.Broadcast(bias[2]); s2 += x; t2 += x; }
            if (TRows.Rows > 3) { var x = V.Broadcast(bias[3]); s3 += x; t3 += x; }
            if (TRows.Rows > 4) { var x = V.Broadcast(bias[4]); s4 += x; t4 += x; }
            if (TRows.Rows > 5) { var x = V.Broadcast(bias[5]); s5 += x; t5 += x; }
            if (TRows.Rows > 6) { var x = V.Broadcast(bias[6]); s6 += x; t6 += x; }
            if (TRows.Rows > 7) { var x = V.Broadcast(bias[7]); s7 += x; t7 += x; }
            if (TRows.Rows > 8) { var x = V.Broadcast(bias[8]); s8 += x; t8 += x; }
            if (TRows.Rows > 9) { var x = V.Broadcast(bias[9]); s9 += x; t9 += x; }
            if (TRows.Rows > 10) { var x = V.Broadcast(bias[10]); s10 += x; t10 += x; }
            if (TRows.Rows > 11) { var x = V.Broadcast(bias[11]); s11 += x; t11 += x; }
            if (TRows.Rows > 12) { var x = V.Broadcast(bias[12]); s12 += x; t12 += x; }
            if (TRows.Rows > 13) { var x = V.Broadcast(bias[13]); s13 += x; t13 += x; }
        }
        if (accumulate)
        {
            float* p = c;
            if (TRows.Rows > 0) { s0 += V.Load(p); t0 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 1) { s1 += V.Load(p); t1 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 2) { s2 += V.Load(p); t2 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 3) { s3 += V.Load(p); t3 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 4) { s4 += V.Load(p); t4 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 5) { s5 += V.Load(p); t5 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 6) { s6 += V.Load(p); t6 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 7) { s7 += V.Load(p); t7 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 8) { s8 += V.Load(p); t8 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 9) { s9 += V.Load(p); t9 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 10) { s10 += V.Load(p); t10 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 11) { s11 += V.Load(p); t11 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 12) { s12 += V.Load(p); t12 += V.Load(p + V.Count); p += ldc; }
            if (TRows.Rows > 13) { s13 += V.Load(p); t13 += V.Load(p + V.Count); p += ldc; }
        }
        if (TRows.Rows > 0) { s0.Store(c); t0.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 1) { s1.Store(c); t1.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 2) { s2.Store(c); t2.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 3) { s3.Store(c); t3.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 4) { s4.Store(c); t4.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 5) { s5.Store(c); t5.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 6) { s6.Store(c); t6.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 7) { s7.Store(c); t7.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 8) { s8.Store(c); t8.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 9) { s9.Store(c); t9.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 10) { s10.Store(c); t10.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 11) { s11.Store(c); t11.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 12) { s12.Store(c); t12.Store(c + V.Count); c += ldc; }
        if (TRows.Rows > 13) { s13.Store(c); t13.Store(c + V.Count); c += ldc; }
    }
}
