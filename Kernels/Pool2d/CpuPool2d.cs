using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Pooling on the processor. Each plane is one thread's work, so sums never depend on the number of threads.</summary>
sealed unsafe class CpuPool2d(Team team) : IPool2d
{
    public void MaxForward(View x, View y, IntView argmax, Pool2dShape s)
    {
        s.Check(x, y, "max pool: x", "max pool: y");
        Expect.Length(argmax, y.Length, "max pool: argmax");
        team.For(s.Planes, 1, (from, to) =>
        {
            for (long plane = from; plane < to; plane++)
                MaxWindows.Plane(x.Data + plane * s.H * s.W, y.Data + plane * s.P * s.Q, argmax.Data + plane * s.P * s.Q, s);
        });
    }

    // A plane belongs to one thread and is in the cache from the clearing to the last addition: that is a gather in
    // ascending order of windows, done the other way round.
    public void MaxBackward(View dy, IntView argmax, View dx, Pool2dShape s)
    {
        s.Check(dx, dy, "max pool: dx", "max pool: dy");
        Expect.Length(argmax, dy.Length, "max pool: argmax");
        bool overlap = s.R > s.StrideH || s.S > s.StrideW;
        team.For(s.Planes, 1, (from, to) =>
        {
            int outputs = s.P * s.Q, inputs = s.H * s.W;
            for (long plane = from; plane < to; plane++)
            {
                var image = new Span<float>(dx.Data + plane * inputs, inputs);
                float* dyPlane = dy.Data + plane * outputs;
                int* chosen = argmax.Data + plane * outputs;
                image.Clear();
                if (overlap)
                    for (int i = 0; i < outputs; i++) image[chosen[i]] += dyPlane[i];
                else
                    for (int i = 0; i < outputs; i++) image[chosen[i]] = dyPlane[i];
            }
        });
    }

    public void AverageForward(View x, View y, Pool2dShape s)
    {
        s.Check(x, y, "average pool: x", "average pool: y");
        Mean(x, y, s.Planes, AxisWindows.Sliding(s.H, s.P, s.R, s.StrideH, s.PadH), AxisWindows.Sliding(s.W, s.Q, s.S, s.StrideW, s.PadW));
    }

    public void AverageBackward(View dy, View dx, Pool2dShape s)
    {
        s.Check(dx, dy, "average pool: dx", "average pool: dy");
        Spread(dy, dx, s.Planes, AxisWindows.Sliding(s.H, s.P, s.R, s.StrideH, s.PadH), AxisWindows.Sliding(s.W, s.Q, s.S, s.StrideW, s.PadW));
    }

    public void AdaptiveAverageForward(View x, View y, AdaptivePoolShape s)
    {
        s.Check(x, y, "average pool: x", "average pool: y");
        Mean(x, y, s.Planes, AxisWindows.Adaptive(s.H, s.P), AxisWindows.Adaptive(s.W, s.Q));
    }

    public void AdaptiveAverageBackward(View dy, View dx, AdaptivePoolShape s)
    {
        s.Check(dx, dy, "average pool: dx", "average pool: dy");
        Spread(dy, dx, s.Planes, AxisWindows.Adaptive(s.H, s.P), AxisWindows.Adaptive(s.W, s.Q));
    }

    void Mean(View x, View y, long planes, AxisWindows rows, AxisWindows columns)
    {
        team.For(planes, 1, (from, to) =>
        {
            var sums = new float[columns.Length];
            for (long plane = from; plane < to; plane++)
                AverageWindows.Mean(x.Data + plane * rows.Length * columns.Length, y.Data + plane * rows.Count * columns.Count, rows, columns, sums);
        });
    }

    void Spread(View dy, View dx, long planes, AxisWindows rows, AxisWindows columns)
    {
        team.For(planes, 1, (from, to) =>
        {
            var line = new float[columns.Length];
            for (long plane = from; plane < to; plane++)
                AverageWindows.Spread(dy.Data + plane * rows.Count * columns.Count, dx.Data + plane * rows.Length * columns.Length, rows, columns, line);
        });
    }
}
