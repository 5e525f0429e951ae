namespace IlgpuXai.Kernels;

/// <summary>Images taken apart by stride phase, and put together again. A strided convolution has no stride inside its phases.</summary>
static unsafe class StridePhases
{
    /// <summary>planes[channel, i, p, q] ← x[channel, p·stride + phases[i].H, q·stride + phases[i].W], 0 beyond the image.</summary>
    public static void Split<V>(float* x, float* planes, (int H, int W)[] phases, (int N, int C, int H, int W) input, (int H, int W) stride, (int H, int W) plane, Team team)
        where V : struct, ILanes<V> => team.For((long)input.N * input.C, Math.Max(1, 8192 / Math.Max(1, input.H * input.W)), (from, to) =>
    {
        for (long channel = from; channel < to; channel++)
        for (int i = 0; i < phases.Length; i++)
        for (int p = 0; p < plane.H; p++)
        {
            float* row = planes + ((channel * phases.Length + i) * plane.H + p) * plane.W;
            int h = p * stride.H + phases[i].H;
            float* source = x + (channel * input.H + h) * input.W + phases[i].W;
            int inside = h < input.H ? Count(input.W, phases[i].W, stride.W) : 0, q = 0;
            if (stride.W == 2)
                for (; q + V.Count <= inside - 1; q += V.Count)           // the last pair may have no odd pixel
                {
                    V.Deinterleave(V.Load(source + 2 * q), V.Load(source + 2 * q + V.Count), out var even, out _);
                    even.Store(row + q);
                }
            for (; q < inside; q++) row[q] = source[q * stride.W];
            for (; q < plane.W; q++) row[q] = 0f;
        }
    });

    /// <summary>Rows h0, h0 + stride, … of an axis of <paramref name="size"/> pixels.</summary>
    public static int Count(int size, int first, int stride) => size <= first ? 0 : (size - first + stride - 1) / stride;

    /// <summary>dx[n, c, h, w] ← phase (h mod StrideH, w mod StrideW)[n, c, h / StrideH, w / StrideW]; 0 where that phase is null.</summary>
    /// <param name="phases">[StrideH · StrideW] planes, each [N, C, rows, columns] of its own size.</param>
    public static void Merge(float*[] phases, float* dx, Conv2dShape s, Team team) => team.For((long)s.N * s.C, 1, (from, to) =>
    {
        for (long plane = from; plane < to; plane++)
        for (int h = 0; h < s.H; h++)
        {
            float* row = dx + (plane * s.H + h) * s.W;
            int h0 = h % s.StrideH, p = h / s.StrideH, rows = Count(s.H, h0, s.StrideH);
            for (int w0 = 0; w0 < Math.Min(s.StrideW, s.W); w0++)
            {
                int columns = Count(s.W, w0, s.StrideW);
                float* phase = phases[h0 * s.StrideW + w0];
                if (phase == null)
                    for (int q = 0; q < columns; q++) row[w0 + q * s.StrideW] = 0f;
                else
                {
                    float* source = phase + (plane * rows + p) * columns;
                    for (int q = 0; q < columns; q++) row[w0 + q * s.StrideW] = source[q];
                }
            }
        }
    });
}
