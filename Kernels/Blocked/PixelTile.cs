using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>How far apart the pixels of a tile lie, in floats: a number the JIT sees as a constant, or 0 where it is only known when the tile runs.</summary>
interface IPixelStride
{
    static abstract int Floats { get; }
}

/// <summary>What happens to the sums of a tile before they are stored: y = gate(max(sum + bias + residual, least)).</summary>
unsafe struct Epilogue
{
    /// <summary>One number per output channel, or null.</summary>
    public float* Bias;

    /// <summary>Values to add, laid out as y, or null; from one block to the next <see cref="ResidualNext"/> floats.</summary>
    public float* Residual;
    public nint ResidualNext;

    /// <summary>Where its values, laid out as y, are not positive, y becomes 0; or null.</summary>
    public float* Gate;
    public nint GateNext;

    /// <summary>0 for a ReLU, −∞ for none.</summary>
    public float Least;
}

/// <summary>The micro-kernel under planned convolutions: pixels × two registers of output channels stay in registers while the whole reduction runs by.</summary>
/// <remarks>
/// y[r, j] = epilogue(Σ over segments s, steps i of x[offsets[s] + r·stride + i] · w[(s·inner + i)·2·lanes + j]), r below Rows; the first register of channels is
/// stored at y + 16·r, the second at y + next + 16·r. Every sum runs in the order of the segments, whatever the tile's height: the same pixel has the same bits
/// in any tile. One text for every height, stride and width, as in <see cref="Tile"/>.
/// </remarks>
static unsafe class PixelTile
{
    const int Lanes = BlockedMaps.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TStride, V>(float* x, nint* offsets, int segments, int inner, nint pixelStride, float* w, float* y, nint next, Epilogue* e)
        where TRows : struct, IRowCount where TStride : struct, IPixelStride where V : struct, ILanes<V>
    {
        nint stride = TStride.Floats > 0 ? TStride.Floats : pixelStride;
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
        for (int s = 0; s < segments; s++)
        {
            float* p = x + offsets[s];
            for (int i = 0; i < inner; i++)
            {
                V b0 = V.Load(w), b1 = V.Load(w + V.Count);
                if (TRows.Rows > 0) { var a = V.Broadcast(p[0 * stride]); s0 = V.MultiplyAdd(a, b0, s0); t0 = V.MultiplyAdd(a, b1, t0); }
                if (TRows.Rows > 1) { var a = V.Broadcast(p[1 * stride]); s1 = V.MultiplyAdd(a, b0, s1); t1 = V.MultiplyAdd(a, b1, t1); }
                if (TRows.Rows > 2) { var a = V.Broadcast(p[2 * stride]); s2 = V.MultiplyAdd(a, b0, s2); t2 = V.MultiplyAdd(a, b1, t2); }
                if (TRows.Rows > 3) { var a = V.Broadcast(p[3 * stride]); s3 = V.MultiplyAdd(a, b0, s3); t3 = V.MultiplyAdd(a, b1, t3); }
                if (TRows.Rows > 4) { var a = V.Broadcast(p[4 * stride]); s4 = V.MultiplyAdd(a, b0, s4); t4 = V.MultiplyAdd(a, b1, t4); }
                if (TRows.Rows > 5) { var a = V.Broadcast(p[5 * stride]); s5 = V.MultiplyAdd(a, b0, s5); t5 = V.MultiplyAdd(a, b1, t5); }
                if (TRows.Rows > 6) { var a = V.Broadcast(p[6 * stride]); s6 = V.MultiplyAdd(a, b0, s6); t6 = V.MultiplyAdd(a, b1, t6); }
                if (TRows.Rows > 7) { var a = V.Broadcast(p[7 * stride]); s7 = V.MultiplyAdd(a, b0, s7); t7 = V.MultiplyAdd(a, b1, t7); }
                if (TRows.Rows > 8) { var a = V.Broadcast(p[8 * stride]); s8 = V.MultiplyAdd(a, b0, s8); t8 = V.MultiplyAdd(a, b1, t8); }
                if (TRows.Rows > 9) { var a = V.Broadcast(p[9 * stride]); s9 = V.MultiplyAdd(a, b0, s9); t9 = V.MultiplyAdd(a, b1, t9); }
                if (TRows.Rows > 10) { var a = V.Broadcast(p[10 * stride]); s10 = V.MultiplyAdd(a, b0, s10); t10 = V.MultiplyAdd(a, b1, t10); }
                if (TRows.Rows > 11) { var a = V.Broadcast(p[11 * stride]); s11 = V.MultiplyAdd(a, b0, s11); t11 = V.MultiplyAdd(a, b1, t11); }
                if (TRows.Rows > 12) { var a = V.Broadcast(p[12 * stride]); s12 = V.MultiplyAdd(a, b0, s12); t12 = V.MultiplyAdd(a, b1, t12); }
                if (TRows.Rows > 13) { var a = V.Broadcast(p[13 * stride]); s13 = V.MultiplyAdd(a, b0, s13); t13 = V.MultiplyAdd(a, b1, t13); }
                p++;
                w += 2 * V.Count;
            }
        }
        if (e->Bias != null)
        {
            V b0 = V.Load(e->Bias), b1 = V.Load(e->Bias + V.Count);
            if (TRows.Rows > 0) { s0 += b0; t0 += b1; }
            if (TRows.Rows > 1) { s1 += b0; t1 += b1; }
            if (TRows.Rows > 2) { s2 += b0; t2 += b1; }
            if (TRows.Rows > 3) { s3 += b0; t3 += b1; }
            if (TRows.Rows > 4) { s4 += b0; t4 += b1; }
            if (TRows.Rows > 5) { s5 += b0; t5 += b1; }
            if (TRows.Rows > 6) { s6 += b0; t6 += b1; }
            if (TRows.Rows > 7) { s7 += b0; t7 += b1; }
            if (TRows.Rows > 8) { s8 += b0; t8 += b1; }
            if (TRows.Rows > 9) { s9 += b0; t9 += b1; }
            if (TRows.Rows > 10) { s10 += b0; t10 += b1; }
            if (TRows.Rows > 11) { s11 += b0; t11 += b1; }
            if (TRows.Rows > 12) { s12 += b0; t12 += b1; }
            if (TRows.Rows > 13) { s13 += b0; t13 += b1; }
        }
        if (e->Residual != null)
        {
            float* p = e->Residual, q = p + e->ResidualNext;
            if (TRows.Rows > 0) { s0 += V.Load(p + 0 * Lanes); t0 += V.Load(q + 0 * Lanes); }
            if (TRows.Rows > 1) { s1 += V.Load(p + 1 * Lanes); t1 += V.Load(q + 1 * Lanes); }
            if (TRows.Rows > 2) { s2 += V.Load(p + 2 * Lanes); t2 += V.Load(q + 2 * Lanes); }
            if (TRows.Rows > 3) { s3 += V.Load(p + 3 * Lanes); t3 += V.Load(q + 3 * Lanes); }
            if (TRows.Rows > 4) { s4 += V.Load(p + 4 * Lanes); t4 += V.Load(q + 4 * Lanes); }
            if (TRows.Rows > 5) { s5 += V.Load(p + 5 * Lanes); t5 += V.Load(q + 5 * Lanes); }
            if (TRows.Rows > 6) { s6 += V.Load(p + 6 * Lanes); t6 += V.Load(q + 6 * Lanes); }
            if (TRows.Rows > 7) { s7 += V.Load(p + 7 * Lanes); t7 += V.Load(q + 7 * Lanes); }
            if (TRows.Rows > 8) { s8 += V.Load(p + 8 * Lanes); t8 += V.Load(q + 8 * Lanes); }
            if (TRows.Rows > 9) { s9 += V.Load(p + 9 * Lanes); t9 += V.Load(q + 9 * Lanes); }
            if (TRows.Rows > 10) { s10 += V.Load(p + 10 * Lanes); t10 += V.Load(q + 10 * Lanes); }
            if (TRows.Rows > 11) { s11 += V.Load(p + 11 * Lanes); t11 += V.Load(q + 11 * Lanes); }
            if (TRows.Rows > 12) { s12 += V.Load(p + 12 * Lanes); t12 += V.Load(q + 12 * Lanes); }
            if (TRows.Rows > 13) { s13 += V.Load(p + 13 * Lanes); t13 += V.Load(q + 13 * Lanes); }
        }
        V least = V.Broadcast(e->Least);
        if (TRows.Rows > 0) { s0 = V.AtLeast(least, s0); t0 = V.AtLeast(least, t0); }
        if (TRows.Rows > 1) { s1 = V.AtLeast(least, s1); t1 = V.AtLeast(least, t1); }
        if (TRows.Rows > 2) { s2 = V.AtLeast(least, s2); t2 = V.AtLeast(least, t2); }
        if (TRows.Rows > 3) { s3 = V.AtLeast(least, s3); t3 = V.AtLeast(least, t3); }
        if (TRows.Rows > 4) { s4 = V.AtLeast(least, s4); t4 = V.AtLeast(least, t4); }
        if (TRows.Rows > 5) { s5 = V.AtLeast(least, s5); t5 = V.AtLeast(least, t5); }
        if (TRows.Rows > 6) { s6 = V.AtLeast(least, s6); t6 = V.AtLeast(least, t6); }
        if (TRows.Rows > 7) { s7 = V.AtLeast(least, s7); t7 = V.AtLeast(least, t7); }
        if (TRows.Rows > 8) { s8 = V.AtLeast(least, s8); t8 = V.AtLeast(least, t8); }
        if (TRows.Rows > 9) { s9 = V.AtLeast(least, s9); t9 = V.AtLeast(least, t9); }
        if (TRows.Rows > 10) { s10 = V.AtLeast(least, s10); t10 = V.AtLeast(least, t10); }
        if (TRows.Rows > 11) { s11 = V.AtLeast(least, s11); t11 = V.AtLeast(least, t11); }
        if (TRows.Rows > 12) { s12 = V.AtLeast(least, s12); t12 = V.AtLeast(least, t12); }
        if (TRows.Rows > 13) { s13 = V.AtLeast(least, s13); t13 = V.AtLeast(least, t13); }
        if (e->Gate != null)
        {
            V zero = default;
            float* p = e->Gate, q = p + e->GateNext;
            if (TRows.Rows > 0) { s0 &= V.Above(V.Load(p + 0 * Lanes), zero); t0 &= V.Above(V.Load(q + 0 * Lanes), zero); }
            if (TRows.Rows > 1) { s1 &= V.Above(V.Load(p + 1 * Lanes), zero); t1 &= V.Above(V.Load(q + 1 * Lanes), zero); }
            if (TRows.Rows > 2) { s2 &= V.Above(V.Load(p + 2 * Lanes), zero); t2 &= V.Above(V.Load(q + 2 * Lanes), zero); }
            if (TRows.Rows > 3) { s3 &= V.Above(V.Load(p + 3 * Lanes), zero); t3 &= V.Above(V.Load(q + 3 * Lanes), zero); }
            if (TRows.Rows > 4) { s4 &= V.Above(V.Load(p + 4 * Lanes), zero); t4 &= V.Above(V.Load(q + 4 * Lanes), zero); }
            if (TRows.Rows > 5) { s5 &= V.Above(V.Load(p + 5 * Lanes), zero); t5 &= V.Above(V.Load(q + 5 * Lanes), zero); }
            if (TRows.Rows > 6) { s6 &= V.Above(V.Load(p + 6 * Lanes), zero); t6 &= V.Above(V.Load(q + 6 * Lanes), zero); }
            if (TRows.Rows > 7) { s7 &= V.Above(V.Load(p + 7 * Lanes), zero); t7 &= V.Above(V.Load(q + 7 * Lanes), zero); }
            if (TRows.Rows > 8) { s8 &= V.Above(V.Load(p + 8 * Lanes), zero); t8 &= V.Above(V.Load(q + 8 * Lanes), zero); }
            if (TRows.Rows > 9) { s9 &= V.Above(V.Load(p + 9 * Lanes), zero); t9 &= V.Above(V.Load(q + 9 * Lanes), zero); }
            if (TRows.Rows > 10) { s10 &= V.Above(V.Load(p + 10 * Lanes), zero); t10 &= V.Above(V.Load(q + 10 * Lanes), zero); }
            if (TRows.Rows > 11) { s11 &= V.Above(V.Load(p + 11 * Lanes), zero); t11 &= V.Above(V.Load(q + 11 * Lanes), zero); }
            if (TRows.Rows > 12) { s12 &= V.Above(V.Load(p + 12 * Lanes), zero); t12 &= V.Above(V.Load(q + 12 * Lanes), zero); }
            if (TRows.Rows > 13) { s13 &= V.Above(V.Load(p + 13 * Lanes), zero); t13 &= V.Above(V.Load(q + 13 * Lanes), zero); }
        }
        float* z = y + next;
        if (TRows.Rows > 0) { s0.Store(y + 0 * Lanes); t0.Store(z + 0 * Lanes); }
        if (TRows.Rows > 1) { s1.Store(y + 1 * Lanes); t1.Store(z + 1 * Lanes); }
        if (TRows.Rows > 2) { s2.Store(y + 2 * Lanes); t2.Store(z + 2 * Lanes); }
        if (TRows.Rows > 3) { s3.Store(y + 3 * Lanes); t3.Store(z + 3 * Lanes); }
        if (TRows.Rows > 4) { s4.Store(y + 4 * Lanes); t4.Store(z + 4 * Lanes); }
        if (TRows.Rows > 5) { s5.Store(y + 5 * Lanes); t5.Store(z + 5 * Lanes); }
        if (TRows.Rows > 6) { s6.Store(y + 6 * Lanes); t6.Store(z + 6 * Lanes); }
        if (TRows.Rows > 7) { s7.Store(y + 7 * Lanes); t7.Store(z + 7 * Lanes); }
        if (TRows.Rows > 8) { s8.Store(y + 8 * Lanes); t8.Store(z + 8 * Lanes); }
        if (TRows.Rows > 9) { s9.Store(y + 9 * Lanes); t9.Store(z + 9 * Lanes); }
        if (TRows.Rows > 10) { s10.Store(y + 10 * Lanes); t10.Store(z + 10 * Lanes); }
        if (TRows.Rows > 11) { s11.Store(y + 11 * Lanes); t11.Store(z + 11 * Lanes); }
        if (TRows.Rows > 12) { s12.Store(y + 12 * Lanes); t12.Store(z + 12 * Lanes); }
        if (TRows.Rows > 13) { s13.Store(y + 13 * Lanes); t13.Store(z + 13 * Lanes); }
    }
}
