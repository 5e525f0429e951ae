using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Convolution on the processor: three matrix products over patches that are packed where they are needed, never stored as a whole.</summary>
/// <remarks>
/// Forward: y[K × NPQ] = w[K × CRS] · patches(x). Weights: dw[K × RSC] = dy[K × NPQ] · patches(x)ᵀ, over x with its channels innermost.
/// Input: the pixels of dx of one stride phase see a fixed set of taps: dx[C × pixels] = wᵀ[C × K·taps] · patches(dy), phase by phase.
/// </remarks>
sealed unsafe class CpuConv2d<V>(Team team, Device device) : IConv2d where V : struct, ILanes<V>
{
    public void Forward(View x, View w, View bias, View y, Conv2dShape s)
    {
        Check(x, w, y, s);
        if (bias.Length != 0 && bias.Length != s.K) throw new ShapeException($"conv2d: bias has {bias.Length} elements, the output {s.K} channels");
        if (Winograd<V>.Serves(s, s.PadH, s.PadW, s.P, s.Q))
        {
            Winograd<V>.Forward(x, w, bias, y, s, team, device);
            return;
        }
        var grid = PatchGrid.OverInput<V>(x, s, team, device, out var phases);
        using (phases)
            for (int g = 0; g < s.Groups; g++)
                Product<V>.Run(team, device, new StridedLeft<V>(w.Data + (long)g * s.KG * s.CRS, s.CRS, 1), new Patches<V>(grid, g * s.CG),
                    new PlaneResult<V>(y.Data + (long)g * s.KG * s.PQ, s.PQ, (long)s.K * s.PQ), s.KG, s.NPQ, s.CRS, bias.Length == 0 ? null : bias.Data + g * s.KG);
    }

    public void BackwardInput(View dy, View w, View dx, Conv2dShape s)
    {
        Check(dx, w, dy, s);
        if (Winograd<V>.Serves(s, 2 - s.PadH, 2 - s.PadW, s.H, s.W))
        {
            Winograd<V>.BackwardInput(dy, w, dx, s, team, device);
            return;
        }
        if (s.StrideH == 1 && s.StrideW == 1)
        {
            BackwardPhase(dy, w, dx.Data, s, 0, 0);
            return;
        }
        float*[] phases = new float*[s.StrideH * s.StrideW];
        using var buffer = device.Allocate<float>(s.XSize);
        float* next = buffer.View.Data;
        for (int h0 = 0; h0 < Math.Min(s.StrideH, s.H); h0++)
        for (int w0 = 0; w0 < Math.Min(s.StrideW, s.W); w0++)
            if (BackwardPhase(dy, w, next, s, h0, w0))
            {
                phases[h0 * s.StrideW + w0] = next;
                next += (long)s.N * s.C * StridePhases.Count(s.H, h0, s.StrideH) * StridePhases.Count(s.W, w0, s.StrideW);
            }
        StridePhases.Merge(phases, dx.Data, s, team);
    }

    // to [N, C, rows, columns] ← the pixels of dx of one stride phase; false, and nothing written, if no output looks at them.
    bool BackwardPhase(View dy, View w, float* to, Conv2dShape s, int h0, int w0)
    {
        var grid = PatchGrid.OverGradient(dy, s, h0, w0, out int[] taps);
        if (taps.Length == 0) return false;
        int pixels = grid.P * grid.Q;
        for (int g = 0; g < s.Groups; g++)
            Product<V>.Run(team, device, new FlippedWeights<V>(w.Data + (long)g * s.KG * s.CRS, taps, s.R * s.S, s.CRS), new Patches<V>(grid, g * s.KG),
                new PlaneResult<V>(to + (long)g * s.CG * pixels, pixels, (long)s.C * pixels), s.CG, grid.Pixels, s.KG * taps.Length);
        return true;
    }

    public void BackwardWeight(View x, View dy, View dw, Conv2dShape s)
    {
        Check(x, dw, dy, s);
        if (s is { R: 1, S: 1, StrideH: 1, StrideW: 1, PadH: 0, PadW: 0 })
        {
            for (int g = 0; g < s.Groups; g++)
                Product<V>.Run(team, device, new PlaneLeft(dy.Data + (long)g * s.KG * s.PQ, s.PQ, (long)s.K * s.PQ), new PlaneRight(x.Data + (long)g * s.CG * s.PQ, s.PQ, (long)s.C * s.PQ),
                    new DenseResult<V>(dw.Data + (long)g * s.KG * s.CRS, s.CRS), s.KG, s.CRS, s.NPQ);
            return;
        }
        using var turnedX = PixelMajor<V>.Turn(x, s, team, device);
        using var turnedW = device.Allocate<float>(s.WSize);
        for (int g = 0; g < s.Groups; g++)
            Product<V>.Run(team, device, new PlaneLeft(dy.Data + (long)g * s.KG * s.PQ, s.PQ, (long)s.K * s.PQ), new PixelMajor<V>(turnedX.View.Data, s, g),
                new DenseResult<V>(turnedW.View.Data + (long)g * s.KG * s.CRS, s.CRS), s.KG, s.CRS, s.NPQ);
        PixelMajor<V>.Reorder(turnedW.View.Data, dw.Data, s, team);
    }

    public void BackwardBias(View dy, View db, Conv2dShape s)
    {
        Expect.Length(dy, s.YSize, "conv2d: dy");
        Expect.Length(db, s.K, "conv2d: db");
        const int piece = 4096;                                   // pixels added in float before double takes over
        team.For(s.K, Math.Max(1, 16384 / Math.Max(1, s.NPQ)), (from, to) =>
        {
            for (long k = from; k < to; k++)
            {
                double sum = 0;
                for (int n = 0; n < s.N; n++)
                    for (int i = 0; i < s.PQ; i += piece) sum += Sum(dy.Data + (n * s.K + k) * s.PQ + i, Math.Min(piece, s.PQ - i));
                db.Data[k] = (float)sum;
            }
        });
    }

    static double Sum(float* p, int count)
    {
        Vector<float> a = default, b = default;
        int i = 0;
        for (; i + 2 * Vector<float>.Count <= count; i += 2 * Vector<float>.Count)
        {
            a += Vector.Load(p + i);
            b += Vector.Load(p + i + Vector<float>.Count);
        }
        double sum = Vector.Sum(a + b);
        for (; i < count; i++) sum += p[i];
        return sum;
    }

    static void Check(View x, View w, View y, Conv2dShape s)
    {
        if (x.Length != s.XSize || w.Length != s.WSize || y.Length != s.YSize)
            throw new ShapeException($"conv2d: views of {x.Length}, {w.Length} and {y.Length} elements, the shape says x {s.XSize}, w {s.WSize}, y {s.YSize}");
    }
}

/// <summary>left[c, k·taps + t] = w[k, c, taps[t]]: what a backward pass reads of weights w [K, C, R·S].</summary>
readonly unsafe struct FlippedWeights<V>(float* w, int[] taps, int kernelTaps, int outputStride) : ILeft where V : struct, ILanes<V>
{
    readonly float* _w = w;

    [SkipLocalsInit]
    public void Pack(int row, int rows, int from, int depth, float* to, int stride)
    {
        float* byTap = stackalloc float[kernelTaps * stride];              // of one output channel: [tap][row]
        for (int done = 0; done < depth;)
        {
            int k = (from + done) / taps.Length, t = (from + done) % taps.Length, count = Math.Min(taps.Length - t, depth - done);
            float* source = _w + (long)k * outputStride + (long)row * kernelTaps;
            if (kernelTaps == 1) Rows<V>.CopyOver(source, to + (long)done * stride, stride);
            else
            {
                Transpose.Run(source, kernelTaps, rows, kernelTaps, byTap, stride, stride);
                for (int i = 0; i < count; i++) Rows<V>.CopyOver(byTap + taps[t + i] * stride, to + (long)(done + i) * stride, stride);
            }
            done += count;
        }
    }
}

/// <summary>left[r, n·PQ + i] = data[n·imageStride + r·PQ + i].</summary>
readonly unsafe struct PlaneLeft(float* data, int pq, long imageStride) : ILeft
{
    readonly float* _data = data;

    public void Pack(int row, int rows, int from, int depth, float* to, int stride)
    {
        for (int done = 0; done < depth;)
        {
            int n = (from + done) / pq, i = (from + done) % pq, count = Math.Min(depth - done, pq - i);
            Transpose.Run(_data + n * imageStride + (long)row * pq + i, pq, rows, count, to + (long)done * stride, stride, stride);
            done += count;
        }
    }
}

/// <summary>Column n·PQ + i of row r goes to data[n·imageStride + r·PQ + i].</summary>
readonly unsafe struct PlaneResult<V>(float* data, int pq, long imageStride) : IResult where V : struct, ILanes<V>
{
    readonly float* _data = data;

    public float* Address(int row, int column, int width, out nint rowStride)
    {
        int n = column / pq, i = column % pq;
        rowStride = pq;
        return i + width <= pq ? _data + n * imageStride + (long)row * pq + i : null;
    }

    public void Put(int row, int rows, int column, int columns, float* tile, int width, bool accumulate)
    {
        for (int done = 0; done < columns;)
        {
            int n = (column + done) / pq, i = (column + done) % pq, count = Math.Min(columns - done, pq - i);
            for (int r = 0; r < rows; r++) Rows<V>.Put(tile + r * width + done, _data + n * imageStride + (long)(row + r) * pq + i, count, accumulate);
            done += count;
        }
    }
}
