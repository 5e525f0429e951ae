using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>Convolution on the processor: three matrix products over patches that are packed where they are needed, never stored as a whole.</summary>
/// <remarks>
/// Forward: y[K × NPQ] = w[K × CRS] · patches(x). Weights: dw[K × CRS] = dy[K × NPQ] · patches(x)ᵀ.
/// Input: the pixels of dx of one stride phase see a fixed set of taps: dx[C × pixels] = wᵀ[C × K·taps] · patches(dy), phase by phase.
/// </remarks>
sealed unsafe class CpuConv2d<V>(Team team, Device device) : IConv2d where V : struct, ILanes<V>
{
    public void Forward(View x, View w, View bias, View y, Conv2dShape s)
    {
        Check(x, w, y, s);
        if (bias.Length != 0 && bias.Length != s.K) throw new ShapeException($"conv2d: bias has {bias.Length} elements, the output {s.K} channels");
        var grid = PatchGrid.OverInput(x, s, team, device, out var phases);
        using (phases)
            for (int g = 0; g < s.Groups; g++)
                Product<V>.Run(team, device, new StridedLeft(w.Data + (long)g * s.KG * s.CRS, s.CRS, 1), new Patches<V>(grid, g * s.CG),
                    new PlaneResult(y.Data + (long)g * s.KG * s.PQ, s.PQ, (long)s.K * s.PQ), s.KG, s.NPQ, s.CRS, bias.Length == 0 ? null : bias.Data + g * s.KG);
    }

    public void BackwardInput(View dy, View w, View dx, Conv2dShape s)
    {
        Check(dx, w, dy, s);
        if (HasUnseenPixels(s)) Clear(dx);
        for (int h0 = 0; h0 < Math.Min(s.StrideH, s.H); h0++)
        for (int w0 = 0; w0 < Math.Min(s.StrideW, s.W); w0++)
        {
            var grid = PatchGrid.OverGradient(dy, s, h0, w0, out int[] taps);
            if (taps.Length == 0) continue;
            for (int g = 0; g < s.Groups; g++)
            {
                var left = new FlippedWeights(w.Data + (long)g * s.KG * s.CRS, taps, s.CRS, s.R * s.S);
                var right = new Patches<V>(grid, g * s.KG);
                float* to = dx.Data + (long)g * s.CG * s.H * s.W;
                if (s.StrideH == 1 && s.StrideW == 1)
                    Product<V>.Run(team, device, left, right, new PlaneResult(to, s.H * s.W, (long)s.C * s.H * s.W), s.CG, s.N * s.H * s.W, s.KG * taps.Length);
                else
                    Product<V>.Run(team, device, left, right, new PhaseResult(to, s, h0, w0), s.CG, grid.Pixels, s.KG * taps.Length);
            }
        }
    }

    public void BackwardWeight(View x, View dy, View dw, Conv2dShape s)
    {
        Check(x, dw, dy, s);
        var grid = PatchGrid.OverInput(x, s, team, device, out var phases);
        using (phases)
            for (int g = 0; g < s.Groups; g++)
                Product<V>.Run(team, device, new PlaneLeft(dy.Data + (long)g * s.KG * s.PQ, s.PQ, (long)s.K * s.PQ), new PatchesByPixel<V>(new(grid, g * s.CG)),
                    new DenseResult(dw.Data + (long)g * s.KG * s.CRS, s.CRS), s.KG, s.CRS, s.NPQ);
    }

    public void BackwardBias(View dy, View db, Conv2dShape s) => team.For(s.K, Math.Max(1, 16384 / s.NPQ), (from, to) =>
    {
        for (long k = from; k < to; k++)
        {
            double sum = 0;
            for (int n = 0; n < s.N; n++) sum += Sum(dy.Data + (n * s.K + k) * s.PQ, s.PQ);
            db.Data[k] = (float)sum;
        }
    });

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

    // Some residue of rows modulo the stride is reached by no tap, or some residue of columns.
    static bool HasUnseenPixels(Conv2dShape s) => Residues(s.R, s.DilationH, s.StrideH) < s.StrideH || Residues(s.S, s.DilationW, s.StrideW) < s.StrideW;

    static int Residues(int taps, int dilation, int stride) => Enumerable.Range(0, taps).Select(t => t * dilation % stride).Distinct().Count();

    void Clear(View x)
    {
        float* data = x.Data;
        team.For(x.Length, 1 << 14, (from, to) => new Span<float>(data + from, (int)(to - from)).Clear());
    }

    static void Check(View x, View w, View y, Conv2dShape s)
    {
        if (x.Length != s.XSize || w.Length != s.WSize || y.Length != s.YSize)
            throw new ShapeException($"conv2d: views of {x.Length}, {w.Length} and {y.Length} elements, the shape says x {s.XSize}, w {s.WSize}, y {s.YSize}");
    }
}

/// <summary>left[c, k·taps + t] = w[k, c, taps[t]]: what a backward pass reads of the weights w [K, C, R·S].</summary>
readonly unsafe struct FlippedWeights(float* w, int[] taps, int outputStride, int channelStride) : ILeft
{
    readonly float* _w = w;

    public void Pack(int row, int rows, int from, int depth, float* to, int stride)
    {
        int k = from / taps.Length, t = from % taps.Length;
        for (int i = 0; i < depth; i++, to += stride)
        {
            float* p = _w + (long)k * outputStride + (long)row * channelStride + taps[t];
            for (int r = 0; r < rows; r++, p += channelStride) to[r] = *p;
            if (++t == taps.Length) { t = 0; k++; }
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
readonly unsafe struct PlaneResult(float* data, int pq, long imageStride) : IResult
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
            for (int r = 0; r < rows; r++)
            {
                float* c = _data + n * imageStride + (long)(row + r) * pq + i, t = tile + r * width + done;
                if (accumulate) for (int j = 0; j < count; j++) c[j] += t[j];
                else for (int j = 0; j < count; j++) c[j] = t[j];
            }
            done += count;
        }
    }
}

/// <summary>Columns are the pixels (h0 + i·StrideH, w0 + j·StrideW) of dx's planes.</summary>
readonly unsafe struct PhaseResult(float* dx, Conv2dShape s, int h0, int w0) : IResult
{
    readonly float* _dx = dx;
    readonly int _columns = (s.W - w0 + s.StrideW - 1) / s.StrideW, _rows = (s.H - h0 + s.StrideH - 1) / s.StrideH;

    public float* Address(int row, int column, int width, out nint rowStride)
    {
        rowStride = 0;
        return null;
    }

    public void Put(int row, int rows, int column, int columns, float* tile, int width, bool accumulate)
    {
        int plane = s.H * s.W;
        for (int j = 0; j < columns; j++)
        {
            int pixel = column + j, q = pixel % _columns, p = pixel / _columns % _rows, n = pixel / _columns / _rows;
            float* c = _dx + ((long)n * s.C + row) * plane + (long)(h0 + p * s.StrideH) * s.W + w0 + q * s.StrideW;
            for (int r = 0; r < rows; r++) c[(long)r * plane] = tile[r * width + j] + (accumulate ? c[(long)r * plane] : 0f);
        }
    }
}
