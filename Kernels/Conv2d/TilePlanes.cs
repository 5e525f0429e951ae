using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>How the 2×2 output tiles of one image lie in memory, so that a register of neighbouring tiles is read by plain loads.</summary>
/// <remarks>
/// The padded image is split into its four phases (even and odd rows and columns), each of TilesH + 1 rows of TilesW + 1 floats. Tile (i, j) has the
/// position i·Pitch + j, Pitch = TilesW + 1, and pixel (a, b) of its 4×4 square lies in phase (a mod 2, b mod 2) at position + (a / 2)·Pitch + b / 2.
/// The last position of each row is no tile: it is computed along and never stored.
/// </remarks>
readonly unsafe struct TilePlanes<V> where V : struct, ILanes<V>
{
    readonly int _h, _w, _padH, _padW, _outH, _outW, _tilesH, _tilesW, _plane;

    public TilePlanes(int h, int w, int padH, int padW, int outH, int outW)
    {
        (_h, _w, _padH, _padW, _outH, _outW) = (h, w, padH, padW, outH, outW);
        (_tilesH, _tilesW) = ((outH + 1) / 2, (outW + 1) / 2);
        // Behind the last row: what the last panel's loads and the last row's store run over.
        _plane = ((_tilesH + 1) * Pitch + 3 * V.Count + 15) & ~15;
    }

    int Pitch => _tilesW + 1;

    public int Positions => _tilesH * Pitch;

    public int ChannelFloats => 4 * _plane;

    /// <summary>planes[phase] ← the phases of one channel's image x [h, w], zeros around it.</summary>
    /// <remarks>Reads the padding's width before a row and up to that and two registers behind it: device memory has room for that (see <see cref="PagedMemory"/>).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Split(float* x, float* planes)
    {
        for (int u = 0; u < 2 * (_tilesH + 1); u++)
        {
            float* even = planes + (u % 2) * 2 * _plane + u / 2 * Pitch, odd = even + _plane;
            int h = u - _padH;
            if ((uint)h >= (uint)_h)
            {
                new Span<float>(even, Pitch).Clear();
                new Span<float>(odd, Pitch).Clear();
                continue;
            }
            float* row = x + h * _w - _padW;
            for (int q = 0; q < Pitch; q += V.Count)
            {
                V.Deinterleave(V.Load(row + 2 * q), V.Load(row + 2 * q + V.Count), out var e, out var o);
                e.Store(even + q);
                o.Store(odd + q);
            }
            ClearOutside(even, 0);
            ClearOutside(odd, 1);
        }
    }

    // Floats of a phase row that lie outside the image: q with 2q + parity − padW below 0 or at least w.
    void ClearOutside(float* row, int parity)
    {
        for (int q = 0; 2 * q + parity < _padW; q++) row[q] = 0f;
        for (int q = (_w + _padW - parity + 1) / 2; q < Pitch; q++) row[q] = 0f;
    }

    /// <summary>to[point·step] ← Bᵀ d B of a register of squares d; Bᵀ = (1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 1 0 −1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransformSquares(float* planes, float* to, nint step)
    {
        Columns(planes, 0, out var a0, out var a1, out var a2, out var a3);
        Columns(planes, 1, out var b0, out var b1, out var b2, out var b3);
        Columns(planes, 2, out var c0, out var c1, out var c2, out var c3);
        Columns(planes, 3, out var d0, out var d1, out var d2, out var d3);
        Row(a0, b0, c0, d0, to, step);
        Row(a1, b1, c1, d1, to + 4 * step, step);
        Row(a2, b2, c2, d2, to + 8 * step, step);
        Row(a3, b3, c3, d3, to + 12 * step, step);
    }

    // Column j of Bᵀ d.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Columns(float* planes, int j, out V t0, out V t1, out V t2, out V t3)
    {
        float* even = planes + j % 2 * _plane + j / 2, odd = even + 2 * _plane;
        V d0 = V.Load(even), d1 = V.Load(odd), d2 = V.Load(even + Pitch), d3 = V.Load(odd + Pitch);
        t0 = d0 - d2;
        t1 = d1 + d2;
        t2 = d2 - d1;
        t3 = d1 - d3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Row(V d0, V d1, V d2, V d3, float* to, nint step)
    {
        (d0 - d2).Store(to);
        (d1 + d2).Store(to + step);
        (d2 - d1).Store(to + 2 * step);
        (d1 - d3).Store(to + 3 * step);
    }

    /// <summary>Two pixel rows of a panel of tiles (see <see cref="Winograd{V}"/>) into one channel's image [outH, outW].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* pixels, int position, float* image)
    {
        int width = 2 * V.Count, end = Math.Min(position + width, Positions);
        for (int at = position; at < end;)
        {
            int ty = at / Pitch, tx = at % Pitch, next = Math.Min((ty + 1) * Pitch, end), count = Math.Min(2 * (next - at), _outW - 2 * tx);
            if (count > 0)
            {
                float* to = image + 2 * ty * _outW + 2 * tx;
                Copy(pixels + 2 * (at - position), to, count);
                if (2 * ty + 1 < _outH) Copy(pixels + 2 * width + 2 * (at - position), to + _outW, count);
            }
            at = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Copy(float* from, float* to, int count)
    {
        if (count < V.Count)
        {
            for (int i = 0; i < count; i++) to[i] = from[i];
            return;
        }
        for (int i = 0; i + V.Count < count; i += V.Count) V.Load(from + i).Store(to + i);
        V.Load(from + count - V.Count).Store(to + count - V.Count);                      // over the one before it, with the same values
    }
}
