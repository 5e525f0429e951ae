using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>How far apart the pixels of a tile lie, in floats: a number the JIT sees as a constant, or 0 where it is only known when the tile runs.</summary>
interface IPixelStride
{
    static abstract int Floats { get; }
}

/// <summary>What the sums of a tile start from and what happens to them: y = gate(max(start + sum + residual, least)).</summary>
unsafe struct Epilogue
{
    /// <summary>One number per output channel, or, with a distance from row to row, the sums so far; the second register of channels lies <see cref="StartNext"/> floats further on.</summary>
    public float* Start;
    public nint StartRow, StartNext;

    /// <summary>Room for the sums of a tile, where a residual or a gate is given.</summary>
    public float* Scratch;

    /// <summary>Values to add, laid out as y, or null; from one register of channels to the next <see cref="ResidualNext"/> floats.</summary>
    public float* Residual;
    public nint ResidualNext;

    /// <summary>Of every pixel a bit for each channel of a block, from <see cref="GateShift"/> on: where it is not set, y becomes 0; or null.</summary>
    public ushort* Gate;
    public nint GateNext;
    public int GateShift;

    /// <summary>0 for a ReLU, −∞ for none.</summary>
    public float Least;

    /// <summary>What the second-level cache should fetch by the way: an address for every step of the reduction, <see cref="AheadStep"/> floats apart.</summary>
    public float* Ahead;
    public nint AheadStep;
}

/// <summary>The micro-kernel under planned convolutions: pixels × two registers of output channels stay in registers while the whole reduction runs by.</summary>
/// <remarks>
/// y[r, j] = epilogue(Σ over segments s, steps i of x[offsets[s] + r·stride + i] · w[(s·inner + i)·2·lanes + j]), r below Rows; the first register of channels is
/// stored at y + 16·r, the second at y + next + 16·r. Every sum runs in the order of the segments, whatever the tile's height: the same pixel has the same bits
/// in any tile. One text for every height, stride and width, as in <see cref="Tile"/>; it is kept short, because the JIT follows no more than about a thousand
/// variables of a method and leaves the sums in memory beyond: residual and gate are a method of their own.
/// The hardware follows the weights, but not the pixels, whose segments lie whole planes apart: those of the segment after the next are asked for line by line, of the next
/// tile at the end, and so are the weights of the next stretch, which come from far away.
/// </remarks>
static unsafe class PixelTile
{
    const int Lanes = BlockedMaps.Lanes, MaxDepth = 256;

    /// <summary>Into how many parts a reduction is cut, so that the weights of a part and the pixels that pass by stay in the first-level cache.</summary>
    public static int Stretches(int segments, int inner) => Math.Clamp((segments * inner + MaxDepth - 1) / MaxDepth, 1, segments);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TStride, V>(float* x, nint* offsets, int segments, int inner, nint pixelStride, float* w, float* y, nint next, Epilogue* e)
        where TRows : struct, IRowCount where TStride : struct, IPixelStride where V : struct, ILanes<V>
    {
        nint stride = TStride.Floats > 0 ? TStride.Floats : pixelStride;
        float* first = e->Start, second = first + e->StartNext;
        nint row = e->StartRow;
        float* ahead = e->Ahead;
        nint aheadStep = e->AheadStep;
        V s0 = TRows.Rows > 0 ? V.Load(first + 0 * row) : default, t0 = TRows.Rows > 0 ? V.Load(second + 0 * row) : default;
        V s1 = TRows.Rows > 1 ? V.Load(first + 1 * row) : default, t1 = TRows.Rows > 1 ? V.Load(second + 1 * row) : default;
        V s2 = TRows.Rows > 2 ? V.Load(first + 2 * row) : default, t2 = TRows.Rows > 2 ? V.Load(second + 2 * row) : default;
        V s3 = TRows.Rows > 3 ? V.Load(first + 3 * row) : default, t3 = TRows.Rows > 3 ? V.Load(second + 3 * row) : default;
        V s4 = TRows.Rows > 4 ? V.Load(first + 4 * row) : default, t4 = TRows.Rows > 4 ? V.Load(second + 4 * row) : default;
        V s5 = TRows.Rows > 5 ? V.Load(first + 5 * row) : default, t5 = TRows.Rows > 5 ? V.Load(second + 5 * row) : default;
        V s6 = TRows.Rows > 6 ? V.Load(first + 6 * row) : default, t6 = TRows.Rows > 6 ? V.Load(second + 6 * row) : default;
        V s7 = TRows.Rows > 7 ? V.Load(first + 7 * row) : default, t7 = TRows.Rows > 7 ? V.Load(second + 7 * row) : default;
        V s8 = TRows.Rows > 8 ? V.Load(first + 8 * row) : default, t8 = TRows.Rows > 8 ? V.Load(second + 8 * row) : default;
        V s9 = TRows.Rows > 9 ? V.Load(first + 9 * row) : default, t9 = TRows.Rows > 9 ? V.Load(second + 9 * row) : default;
        V s10 = TRows.Rows > 10 ? V.Load(first + 10 * row) : default, t10 = TRows.Rows > 10 ? V.Load(second + 10 * row) : default;
        V s11 = TRows.Rows > 11 ? V.Load(first + 11 * row) : default, t11 = TRows.Rows > 11 ? V.Load(second + 11 * row) : default;
        V s12 = TRows.Rows > 12 ? V.Load(first + 12 * row) : default, t12 = TRows.Rows > 12 ? V.Load(second + 12 * row) : default;
        V s13 = TRows.Rows > 13 ? V.Load(first + 13 * row) : default, t13 = TRows.Rows > 13 ? V.Load(second + 13 * row) : default;
        for (int s = 0; s < segments; s++)
        {
            int soon = s + 2;
            float* p = x + offsets[s], q = soon < segments ? x + offsets[soon] : x + TRows.Rows * stride + offsets[Math.Min(soon - segments, s)];
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
                if (Sse.IsSupported) Sse.Prefetch1(ahead);
                if (Sse.IsSupported && TStride.Floats == Lanes) Sse.Prefetch0(q);
                ahead += aheadStep;
                q += Lanes;
                p++;
                w += 2 * V.Count;
            }
        }
        bool more = e->Residual != null || e->Gate != null;
        V least = V.Broadcast(more ? float.NegativeInfinity : e->Least);
        float* y0 = more ? e->Scratch : y, y1 = more ? e->Scratch + TRows.Rows * Lanes : y + next;
        if (TRows.Rows > 0) { V.AtLeast(least, s0).Store(y0 + 0 * Lanes); V.AtLeast(least, t0).Store(y1 + 0 * Lanes); }
        if (TRows.Rows > 1) { V.AtLeast(least, s1).Store(y0 + 1 * Lanes); V.AtLeast(least, t1).Store(y1 + 1 * Lanes); }
        if (TRows.Rows > 2) { V.AtLeast(least, s2).Store(y0 + 2 * Lanes); V.AtLeast(least, t2).Store(y1 + 2 * Lanes); }
        if (TRows.Rows > 3) { V.AtLeast(least, s3).Store(y0 + 3 * Lanes); V.AtLeast(least, t3).Store(y1 + 3 * Lanes); }
        if (TRows.Rows > 4) { V.AtLeast(least, s4).Store(y0 + 4 * Lanes); V.AtLeast(least, t4).Store(y1 + 4 * Lanes); }
        if (TRows.Rows > 5) { V.AtLeast(least, s5).Store(y0 + 5 * Lanes); V.AtLeast(least, t5).Store(y1 + 5 * Lanes); }
        if (TRows.Rows > 6) { V.AtLeast(least, s6).Store(y0 + 6 * Lanes); V.AtLeast(least, t6).Store(y1 + 6 * Lanes); }
        if (TRows.Rows > 7) { V.AtLeast(least, s7).Store(y0 + 7 * Lanes); V.AtLeast(least, t7).Store(y1 + 7 * Lanes); }
        if (TRows.Rows > 8) { V.AtLeast(least, s8).Store(y0 + 8 * Lanes); V.AtLeast(least, t8).Store(y1 + 8 * Lanes); }
        if (TRows.Rows > 9) { V.AtLeast(least, s9).Store(y0 + 9 * Lanes); V.AtLeast(least, t9).Store(y1 + 9 * Lanes); }
        if (TRows.Rows > 10) { V.AtLeast(least, s10).Store(y0 + 10 * Lanes); V.AtLeast(least, t10).Store(y1 + 10 * Lanes); }
        if (TRows.Rows > 11) { V.AtLeast(least, s11).Store(y0 + 11 * Lanes); V.AtLeast(least, t11).Store(y1 + 11 * Lanes); }
        if (TRows.Rows > 12) { V.AtLeast(least, s12).Store(y0 + 12 * Lanes); V.AtLeast(least, t12).Store(y1 + 12 * Lanes); }
        if (TRows.Rows > 13) { V.AtLeast(least, s13).Store(y0 + 13 * Lanes); V.AtLeast(least, t13).Store(y1 + 13 * Lanes); }
        if (!more) return;
        Finish<V>(TRows.Rows, y0, y, e->Residual, e->Gate, e->GateShift, e->Least);
        Finish<V>(TRows.Rows, y1, y + next, e->Residual == null ? null : e->Residual + e->ResidualNext, e->Gate == null ? null : e->Gate + e->GateNext, e->GateShift + V.Count % Lanes, e->Least);
    }

    // The residual may be y itself: a gradient that is added to.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Finish<V>(int rows, float* sums, float* y, float* residual, ushort* gate, int shift, float lowest) where V : struct, ILanes<V>
    {
        V least = V.Broadcast(lowest);
        for (int r = 0; r < rows * Lanes; r += Lanes)
        {
            V sum = V.Load(sums + r);
            if (residual != null) sum += V.Load(residual + r);
            sum = V.AtLeast(least, sum);
            if (gate != null) sum &= V.Mask(*gate++ >> shift);
            sum.Store(y + r);
        }
    }
}
