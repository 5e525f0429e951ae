using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>Resampling on the processor: a plane is one thread's work, rows first, then columns.</summary>
sealed unsafe class CpuResize(Team team) : IResize
{
    public void BilinearForward(View x, View y, ResizeShape s)
    {
        ResizeAxis rows = ResizeAxis.Bilinear(s.H, s.P), columns = ResizeAxis.Bilinear(s.W, s.Q);
        ForPlanes(x, y, "resize: x", "resize: y", s, (from, to, line) =>
        {
            for (int p = 0; p < s.P; p++, to += s.Q)
            {
                Blend(new(from + rows.Low[p] * s.W, s.W), new(from + rows.High[p] * s.W, s.W), rows.Weight[p], line);
                for (int q = 0; q < s.Q; q++)
                    to[q] = (1 - columns.Weight[q]) * line[columns.Low[q]] + columns.Weight[q] * line[columns.High[q]];
            }
        });
    }

    public void BilinearBackward(View dy, View dx, ResizeShape s)
    {
        ResizeAxis rows = ResizeAxis.Bilinear(s.H, s.P), columns = ResizeAxis.Bilinear(s.W, s.Q);
        ForPlanes(dx, dy, "resize: dx", "resize: dy", s, (to, from, line) =>
        {
            new Span<float>(to, s.H * s.W).Clear();
            for (int p = 0; p < s.P; p++, from += s.Q)
            {
                Array.Clear(line);
                for (int q = 0; q < s.Q; q++)
                {
                    line[columns.Low[q]] += (1 - columns.Weight[q]) * from[q];
                    line[columns.High[q]] += columns.Weight[q] * from[q];
                }
                Accumulate(1 - rows.Weight[p], line, new(to + rows.Low[p] * s.W, s.W));
                Accumulate(rows.Weight[p], line, new(to + rows.High[p] * s.W, s.W));
            }
        });
    }

    public void NearestForward(View x, View y, ResizeShape s)
    {
        int[] rows = ResizeAxis.Nearest(s.H, s.P), columns = ResizeAxis.Nearest(s.W, s.Q);
        ForPlanes(x, y, "resize: x", "resize: y", s, (from, to, _) =>
        {
            for (int p = 0; p < s.P; p++, to += s.Q)
            {
                float* row = from + rows[p] * s.W;
                for (int q = 0; q < s.Q; q++) to[q] = row[columns[q]];
            }
        });
    }

    public void NearestBackward(View dy, View dx, ResizeShape s)
    {
        int[] rows = ResizeAxis.Nearest(s.H, s.P), columns = ResizeAxis.Nearest(s.W, s.Q);
        ForPlanes(dx, dy, "resize: dx", "resize: dy", s, (to, from, _) =>
        {
            new Span<float>(to, s.H * s.W).Clear();
            for (int p = 0; p < s.P; p++, from += s.Q)
            {
                float* row = to + rows[p] * s.W;
                for (int q = 0; q < s.Q; q++) row[columns[q]] += from[q];
            }
        });
    }

    delegate void PlaneBody(float* small, float* large, float[] line);

    /// <summary>Calls <paramref name="body"/> with each plane of x [H, W], the same of y [P, Q], and a line of W floats to work in.</summary>
    void ForPlanes(View x, View y, string xName, string yName, ResizeShape s, PlaneBody body)
    {
        s.Check(x, y, xName, yName);
        team.For(s.Planes, 1, (from, to) =>
        {
            var line = new float[s.W];
            for (long plane = from; plane < to; plane++) body(x.Data + plane * s.H * s.W, y.Data + plane * s.P * s.Q, line);
        });
    }

    static void Blend(ReadOnlySpan<float> low, ReadOnlySpan<float> high, float weight, Span<float> line)
    {
        var (vLow, vHigh) = (new Vector<float>(1 - weight), new Vector<float>(weight));
        int lanes = Vector<float>.Count, i = 0;
        for (; i <= line.Length - lanes; i += lanes)
            (vLow * new Vector<float>(low[i..]) + vHigh * new Vector<float>(high[i..])).CopyTo(line[i..]);
        for (; i < line.Length; i++) line[i] = (1 - weight) * low[i] + weight * high[i];
    }

    static void Accumulate(float weight, ReadOnlySpan<float> line, Span<float> sums)
    {
        var v = new Vector<float>(weight);
        int lanes = Vector<float>.Count, i = 0;
        for (; i <= line.Length - lanes; i += lanes)
            (new Vector<float>(sums[i..]) + v * new Vector<float>(line[i..])).CopyTo(sums[i..]);
        for (; i < line.Length; i++) sums[i] += weight * line[i];
    }
}
