using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>Resampling with a thread per output, and per input on the way back. Source positions are exact fractions with denominator 2P and 2Q.</summary>
sealed class GpuResize(IKernelRunner runner) : IResize
{
    readonly Action<Index1D, View, View, ResizeShape> _bilinear = runner.LoadAuto<View, View, ResizeShape>(BilinearKernel);
    readonly Action<Index1D, View, View, ResizeShape> _bilinearBack = runner.LoadAuto<View, View, ResizeShape>(BilinearBackwardKernel);
    readonly Action<Index1D, View, View, ResizeShape> _nearest = runner.LoadAuto<View, View, ResizeShape>(NearestKernel);
    readonly Action<Index1D, View, View, ResizeShape> _nearestBack = runner.LoadAuto<View, View, ResizeShape>(NearestBackwardKernel);

    public void BilinearForward(View x, View y, ResizeShape s)
    {
        s.Check(x, y, "resize: x", "resize: y");
        _bilinear(y.IntLength, x, y, s);
    }

    public void BilinearBackward(View dy, View dx, ResizeShape s)
    {
        s.Check(dx, dy, "resize: dx", "resize: dy");
        _bilinearBack(dx.IntLength, dy, dx, s);
    }

    public void NearestForward(View x, View y, ResizeShape s)
    {
        s.Check(x, y, "resize: x", "resize: y");
        _nearest(y.IntLength, x, y, s);
    }

    public void NearestBackward(View dy, View dx, ResizeShape s)
    {
        s.Check(dx, dy, "resize: dx", "resize: dy");
        _nearestBack(dx.IntLength, dy, dx, s);
    }

    static void BilinearKernel(Index1D i, View x, View y, ResizeShape s)
    {
        int plane = i / (s.P * s.Q) * s.H * s.W, p = i / s.Q % s.P, q = i % s.Q;
        int h = Source(p, s.H, s.P), w = Source(q, s.W, s.Q);
        float a = Weight(p, s.H, s.P), b = Weight(q, s.W, s.Q);
        int top = plane + h * s.W, bottom = plane + XMath.Min(h + 1, s.H - 1) * s.W, right = XMath.Min(w + 1, s.W - 1);
        y[i] = (1f - a) * ((1f - b) * x[top + w] + b * x[top + right]) + a * ((1f - b) * x[bottom + w] + b * x[bottom + right]);
    }

    static void BilinearBackwardKernel(Index1D i, View dy, View dx, ResizeShape s)
    {
        int plane = i / (s.H * s.W) * s.P * s.Q, h = i / s.W % s.H, w = i % s.W;
        float sum = 0f;
        for (int p = FirstNear(h, s.H, s.P); p < EndNear(h, s.H, s.P); p++)
        {
            float a = Share(h, p, s.H, s.P), row = 0f;
            for (int q = FirstNear(w, s.W, s.Q); q < EndNear(w, s.W, s.Q); q++) row += Share(w, q, s.W, s.Q) * dy[plane + p * s.Q + q];
            sum += a * row;
        }
        dx[i] = sum;
    }

    static void NearestKernel(Index1D i, View x, View y, ResizeShape s)
    {
        int plane = i / (s.P * s.Q) * s.H * s.W, p = i / s.Q % s.P, q = i % s.Q;
        y[i] = x[plane + p * s.H / s.P * s.W + q * s.W / s.Q];
    }

    // ⌊p·H/P⌋ = h for p from ⌈h·P/H⌉ to ⌈(h+1)·P/H⌉−1.
    static void NearestBackwardKernel(Index1D i, View dy, View dx, ResizeShape s)
    {
        int plane = i / (s.H * s.W) * s.P * s.Q, h = i / s.W % s.H, w = i % s.W;
        int pEnd = ((h + 1) * s.P + s.H - 1) / s.H, qEnd = ((w + 1) * s.Q + s.W - 1) / s.W;
        float sum = 0f;
        for (int p = (h * s.P + s.H - 1) / s.H; p < pEnd; p++)
            for (int q = (w * s.Q + s.W - 1) / s.W; q < qEnd; q++) sum += dy[plane + p * s.Q + q];
        dx[i] = sum;
    }

    /// <summary>Lower source pixel of output i.</summary>
    static int Source(int i, int length, int count) => XMath.Max((2 * i + 1) * length - count, 0) / (2 * count);

    /// <summary>Weight of the pixel above <see cref="Source"/>.</summary>
    static float Weight(int i, int length, int count) => XMath.Max((2 * i + 1) * length - count, 0) % (2 * count) / (2f * count);

    /// <summary>What source pixel <paramref name="at"/> contributes to output i.</summary>
    static float Share(int at, int i, int length, int count)
    {
        int low = Source(i, length, count);
        float weight = Weight(i, length, count), share = 0f;
        if (low == at) share += 1f - weight;
        if (XMath.Min(low + 1, length - 1) == at) share += weight;
        return share;
    }

    /// <summary>No output before this one has a source within a pixel of <paramref name="at"/>.</summary>
    static int FirstNear(int at, int length, int count) => XMath.Max(((2 * at - 1) * count / length - 1) / 2, 0);

    static int EndNear(int at, int length, int count) => XMath.Min(((2 * at + 3) * count / length + 1) / 2 + 1, count);
}
