namespace IlgpuXai.Kernels;

/// <summary>Patches as the right operand of the weight gradient: depth = output pixels, columns = (group channel, kernel row, kernel column) in another order.</summary>
/// <remarks>
/// The input is turned once into x̂ [N, H + 2·PadH, W + 2·PadW, C], so that a patch is a few runs of neighbouring floats: its column
/// (r, t, c) lies at offset r·DilationH·row + t·DilationW·C + c from the patch's corner, and neighbouring taps follow each other when the
/// dilation is 1. The product's columns are in this order (r, t, c); <see cref="Reorder"/> brings dw into (c, r, t).
/// </remarks>
readonly unsafe struct PixelMajor<V>(float* data, Conv2dShape s, int group) : IRight where V : struct, ILanes<V>
{
    readonly float* _data = data;

    public static DeviceBuffer<float> Turn(View x, Conv2dShape s, Team team, Device device)
    {
        int height = s.H + 2 * s.PadH, width = s.W + 2 * s.PadW;
        var buffer = device.Allocate<float>((long)s.N * height * width * s.C + 2 * V.Count);
        float* from = x.Data, to = buffer.View.Data;
        team.For((long)s.N * height, 1, (first, last) =>
        {
            for (long i = first; i < last; i++)
            {
                float* row = to + i * width * s.C;
                int n = (int)(i / height), h = (int)(i % height) - s.PadH;
                if ((uint)h >= (uint)s.H)
                {
                    new Span<float>(row, width * s.C).Clear();
                    continue;
                }
                new Span<float>(row, s.PadW * s.C).Clear();
                Transpose.Run(from + ((long)n * s.C * s.H + h) * s.W, (nint)s.H * s.W, s.C, s.W, row + (long)s.PadW * s.C, s.C, s.C);
                new Span<float>(row + (long)(s.PadW + s.W) * s.C, s.PadW * s.C).Clear();
            }
        });
        return buffer;
    }

    public void Pack(int column, int columns, int from, int depth, float* to, int width)
    {
        for (int j = 0; j < columns; j += width, to += (long)depth * width) Panel(column + j, Math.Min(width, columns - j), from, depth, to, width);
    }

    void Panel(int column, int columns, int from, int depth, float* to, int width)
    {
        // Runs of neighbouring columns whose sources are neighbours too: one, where the channels are a multiple of the width.
        int* first = stackalloc int[width], count = stackalloc int[width], offset = stackalloc int[width];
        int runs = 0, rowLength = (s.W + 2 * s.PadW) * s.C;
        for (int lane = 0; lane < columns; lane++)
        {
            int c = (column + lane) % s.CG, tap = (column + lane) / s.CG;
            int at = tap / s.S * s.DilationH * rowLength + tap % s.S * s.DilationW * s.C + group * s.CG + c;
            if (runs > 0 && at == offset[runs - 1] + count[runs - 1]) count[runs - 1]++;
            else (first[runs], count[runs], offset[runs++]) = (lane, 1, at);
        }
        int q = from % s.Q, p = from / s.Q % s.P, n = from / s.PQ, step = s.StrideW * s.C;
        for (int left = depth; left > 0;)
        {
            float* corner = _data + ((long)n * (s.H + 2 * s.PadH) + p * s.StrideH) * rowLength + (long)q * step;
            int pixels = Math.Min(left, s.Q - q);
            if (runs == 1 && columns == width)
                for (float* at = corner + offset[0]; at < corner + offset[0] + (long)pixels * step; at += step, to += width)
                {
                    V.Load(at).Store(to);
                    V.Load(at + V.Count).Store(to + V.Count);
                }
            else
                for (int j = 0; j < pixels; j++, corner += step, to += width)
                    for (int i = 0; i < runs; i++) Rows<V>.CopyOver(corner + offset[i], to + first[i], count[i]);
            left -= pixels;
            q = 0;
            if (++p == s.P) { p = 0; n++; }
        }
    }

    /// <summary>dw[k, c, tap] ← turned[k, tap, c].</summary>
    public static void Reorder(float* turned, float* dw, Conv2dShape s, Team team) => team.For(s.K, Math.Max(1, 4096 / Math.Max(1, s.CRS)), (first, last) =>
    {
        int taps = s.R * s.S;
        for (long k = first; k < last; k++)
            Transpose.Run(turned + k * s.CRS, s.CG, taps, s.CG, dw + k * s.CRS, taps, taps);
    });
}

/// <summary>right[n·PQ + i, c] = data[n·imageStride + c·PQ + i]: the patches of a 1×1 convolution without stride or padding.</summary>
readonly unsafe struct PlaneRight(float* data, int pq, long imageStride) : IRight
{
    readonly PlaneLeft _planes = new(data, pq, imageStride);

    public void Pack(int column, int columns, int from, int depth, float* to, int width)
    {
        for (int j = 0; j < columns; j += width, to += (long)depth * width) _planes.Pack(column + j, Math.Min(width, columns - j), from, depth, to, width);
    }
}
