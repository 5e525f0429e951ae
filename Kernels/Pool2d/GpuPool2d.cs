using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>Pooling with a thread per output, and per input on the way back.</summary>
sealed class GpuPool2d(IKernelRunner runner) : IPool2d
{
    readonly Action<Index1D, View, View, IntView, Pool2dShape> _max = runner.LoadAuto<View, View, IntView, Pool2dShape>(MaxKernel);
    readonly Action<Index1D, View, IntView, View, Pool2dShape> _maxBack = runner.LoadAuto<View, IntView, View, Pool2dShape>(MaxBackwardKernel);
    readonly Action<Index1D, View, View, Pool2dShape> _average = runner.LoadAuto<View, View, Pool2dShape>(AverageKernel);
    readonly Action<Index1D, View, View, Pool2dShape> _averageBack = runner.LoadAuto<View, View, Pool2dShape>(AverageBackwardKernel);
    readonly Action<Index1D, View, View, AdaptivePoolShape> _adaptive = runner.LoadAuto<View, View, AdaptivePoolShape>(AdaptiveKernel);
    readonly Action<Index1D, View, View, AdaptivePoolShape> _adaptiveBack = runner.LoadAuto<View, View, AdaptivePoolShape>(AdaptiveBackwardKernel);

    public void MaxForward(View x, View y, IntView argmax, Pool2dShape s)
    {
        s.Check(x, y, "max pool: x", "max pool: y");
        Expect.Length(argmax, y.Length, "max pool: argmax");
        _max(y.IntLength, x, y, argmax, s);
    }

    public void MaxBackward(View dy, IntView argmax, View dx, Pool2dShape s)
    {
        s.Check(dx, dy, "max pool: dx", "max pool: dy");
        Expect.Length(argmax, dy.Length, "max pool: argmax");
        _maxBack(dx.IntLength, dy, argmax, dx, s);
    }

    public void AverageForward(View x, View y, Pool2dShape s)
    {
        s.Check(x, y, "average pool: x", "average pool: y");
        _average(y.IntLength, x, y, s);
    }

    public void AverageBackward(View dy, View dx, Pool2dShape s)
    {
        s.Check(dx, dy, "average pool: dx", "average pool: dy");
        _averageBack(dx.IntLength, dy, dx, s);
    }

    public void AdaptiveAverageForward(View x, View y, AdaptivePoolShape s)
    {
        s.Check(x, y, "average pool: x", "average pool: y");
        _adaptive(y.IntLength, x, y, s);
    }

    public void AdaptiveAverageBackward(View dy, View dx, AdaptivePoolShape s)
    {
        s.Check(dx, dy, "average pool: dx", "average pool: dy");
        _adaptiveBack(dx.IntLength, dy, dx, s);
    }

    static void MaxKernel(Index1D i, View x, View y, IntView argmax, Pool2dShape s)
    {
        int q = i % s.Q, p = i / s.Q % s.P, plane = i / (s.P * s.Q) * s.H * s.W;
        int h = p * s.StrideH - s.PadH, hEnd = XMath.Min(h + s.R, s.H), w = q * s.StrideW - s.PadW, wEnd = XMath.Min(w + s.S, s.W);
        h = XMath.Max(h, 0);
        w = XMath.Max(w, 0);
        int where = h * s.W + w;
        float best = x[plane + where];
        for (; h < hEnd; h++)
            for (int v = w; v < wEnd; v++)
            {
                float value = x[plane + h * s.W + v];
                bool bestIsNumber = best <= float.PositiveInfinity;
                if (value <= best || !bestIsNumber) continue;          // a NaN is not ≤ anything: the first one wins and stays
                best = value;
                where = h * s.W + v;
            }
        y[i] = best;
        argmax[i] = where;
    }

    static void MaxBackwardKernel(Index1D i, View dy, IntView argmax, View dx, Pool2dShape s)
    {
        int place = i % (s.H * s.W), h = place / s.W + s.PadH, w = place % s.W + s.PadW, plane = i / (s.H * s.W) * s.P * s.Q;
        int pEnd = XMath.Min(h / s.StrideH + 1, s.P), qEnd = XMath.Min(w / s.StrideW + 1, s.Q);
        float sum = 0f;
        for (int p = FirstWindow(h, s.R, s.StrideH); p < pEnd; p++)
            for (int q = FirstWindow(w, s.S, s.StrideW); q < qEnd; q++)
                if (argmax[plane + p * s.Q + q] == place) sum += dy[plane + p * s.Q + q];
        dx[i] = sum;
    }

    /// <summary>The first window of a size and stride that covers a pixel of the padded axis: ⌈(at − size + 1) / stride⌉, at least 0.</summary>
    static int FirstWindow(int at, int size, int stride) => at < size ? 0 : (at - size) / stride + 1;

    static void AverageKernel(Index1D i, View x, View y, Pool2dShape s)
    {
        int q = i % s.Q, p = i / s.Q % s.P, plane = i / (s.P * s.Q) * s.H * s.W;
        int h = p * s.StrideH - s.PadH, w = q * s.StrideW - s.PadW;
        float sum = Sum(x, plane, XMath.Max(h, 0), XMath.Min(h + s.R, s.H), XMath.Max(w, 0), XMath.Min(w + s.S, s.W), s.W);
        y[i] = sum / (s.R * s.S);
    }

    static void AverageBackwardKernel(Index1D i, View dy, View dx, Pool2dShape s)
    {
        int w = i % s.W + s.PadW, h = i / s.W % s.H + s.PadH, plane = i / (s.H * s.W) * s.P * s.Q;
        float sum = Sum(dy, plane, FirstWindow(h, s.R, s.StrideH), XMath.Min(h / s.StrideH + 1, s.P), FirstWindow(w, s.S, s.StrideW), XMath.Min(w / s.StrideW + 1, s.Q), s.Q);
        dx[i] = sum / (s.R * s.S);
    }

    static void AdaptiveKernel(Index1D i, View x, View y, AdaptivePoolShape s)
    {
        int q = i % s.Q, p = i / s.Q % s.P, plane = i / (s.P * s.Q) * s.H * s.W;
        int h = p * s.H / s.P, hEnd = ((p + 1) * s.H + s.P - 1) / s.P, w = q * s.W / s.Q, wEnd = ((q + 1) * s.W + s.Q - 1) / s.Q;
        y[i] = Sum(x, plane, h, hEnd, w, wEnd, s.W) / ((hEnd - h) * (wEnd - w));
    }

    // Windows that cover row h: ⌊h·P/H⌋ … ⌈(h+1)·P/H⌉−1.
    static void AdaptiveBackwardKernel(Index1D i, View dy, View dx, AdaptivePoolShape s)
    {
        int w = i % s.W, h = i / s.W % s.H, plane = i / (s.H * s.W) * s.P * s.Q;
        int pEnd = ((h + 1) * s.P + s.H - 1) / s.H, qEnd = ((w + 1) * s.Q + s.W - 1) / s.W;
        float sum = 0f;
        for (int p = h * s.P / s.H; p < pEnd; p++)
        {
            int rows = ((p + 1) * s.H + s.P - 1) / s.P - p * s.H / s.P;
            for (int q = w * s.Q / s.W; q < qEnd; q++)
            {
                int columns = ((q + 1) * s.W + s.Q - 1) / s.Q - q * s.W / s.Q;
                sum += dy[plane + p * s.Q + q] / (rows * columns);
            }
        }
        dx[i] = sum;
    }

    static float Sum(View x, int plane, int row, int rowEnd, int column, int columnEnd, int width)
    {
        float sum = 0f;
        for (int r = row; r < rowEnd; r++)
            for (int c = column; c < columnEnd; c++) sum += x[plane + r * width + c];
        return sum;
    }
}
