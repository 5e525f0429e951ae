using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>The gradient of a convolution at its input, itself convolutions: one of the flipped kernels where the stride is 1, else one for each phase of the stride.</summary>
/// <remarks>Row i = stride·a + p of the input meets the taps r for which p + pad − dilation·r is a multiple of the stride, of rows a + (p + pad − dilation·r)/stride of the result.</remarks>
sealed class ConvGradient : IDisposable
{
    readonly ConvWindow _f;
    readonly Device _device;
    readonly IBlockedKernels _kernels;
    readonly List<(Pixel First, int PadH, int PadW, BlockedConv? Conv)> _phases = [];

    /// <param name="h">Of the input, as <paramref name="w"/>.</param>
    public ConvGradient(ConvWindow f, int padH, int padW, int h, int w, View weight, Choice choice, Device device, IBlockedKernels kernels)
    {
        (_f, _device, _kernels) = (f, device, kernels);
        try { Pack(padH, padW, h, w, weight, choice); }
        catch
        {
            Dispose();
            throw;
        }
    }

    void Pack(int padH, int padW, int h, int w, View weight, Choice choice)
    {
        var f = _f;
        for (int y = 0; y < f.StrideH; y++)
            for (int x = 0; x < f.StrideW; x++)
            {
                var (rows, dilationH, top) = Phase(y, padH, f.R, f.StrideH, f.DilationH);
                var (columns, dilationW, left) = Phase(x, padW, f.S, f.StrideW, f.DilationW);
                if (rows.Count == 0 || columns.Count == 0)
                {
                    _phases.Add((new(y, x), 0, 0, null));
                    continue;
                }
                var window = new ConvWindow(f.K, f.C, rows.Count, columns.Count, DilationH: dilationH, DilationW: dilationW, Groups: f.Groups);
                _phases.Add((new(y, x), top, left, _kernels.Conv(window, choice(window, h / f.StrideH, w / f.StrideW), KernelTaps.Backward(weight, f, rows, columns), View.Empty)));
            }
    }

    /// <summary>The taps that meet the rows of a phase, how far apart the rows of the result lie that they belong to, and the padding.</summary>
    static (TapRange Taps, int Dilation, int Pad) Phase(int phase, int pad, int taps, int stride, int dilation)
    {
        int common = (int)System.Numerics.BigInteger.GreatestCommonDivisor(stride, dilation), step = stride / common, apart = dilation / common, first = 0;
        while (first < step && (phase + pad - first * dilation) % stride != 0) first++;
        int count = first < step && first < taps ? (taps - first + step - 1) / step : 0;
        return (new(first, step, count), apart, (count - 1) * apart - (phase + pad - first * dilation) / stride);
    }

    public void Run(in BlockedMaps dy, in BlockedMaps dx, in ConvUse use)
    {
        if (_phases is [var (_, padH, padW, conv)])
        {
            conv!.Run(dy, dx, use with { PadH = padH, PadW = padW });
            return;
        }
        foreach (var (first, top, left, phase) in _phases)
        {
            int rows = (dx.H - first.Y + _f.StrideH - 1) / _f.StrideH, columns = (dx.W - first.X + _f.StrideW - 1) / _f.StrideW;
            if (rows <= 0 || columns <= 0) continue;
            using var buffer = phase is null ? null : _device.Allocate<float>(BlockedMaps.Floats(dx.N, dx.C, rows, columns));
            var part = buffer is null ? default : new BlockedMaps(buffer.View, dx.N, dx.C, rows, columns);
            phase?.Run(dy, part, new() { PadH = top, PadW = left });
            _kernels.Weave(part, dx, first, _f.StrideH, _f.StrideW, use);
        }
    }

    public void Dispose()
    {
        foreach (var phase in _phases) phase.Conv?.Dispose();
    }
}

/// <summary>The gradient of a first layer at the images: one convolution whose channels are the pixels of f × f squares of the image, then spread.</summary>
/// <remarks>Few channels would leave most of a register empty; squares of f·f·C of them fill it.</remarks>
sealed class ImageConvGradient : IDisposable
{
    const int MostSide = 4, PanelChannels = 32;

    readonly Conv2dShape _s;
    readonly Device _device;
    readonly IBlockedKernels _kernels;
    readonly BlockedConv _conv;
    readonly int _side, _padH, _padW;

    public ImageConvGradient(Conv2dShape s, View weight, Device device, IBlockedKernels kernels)
    {
        (_s, _device, _kernels) = (s, device, kernels);
        int step = s.StrideH == s.StrideW ? s.StrideH : s.StrideH * s.StrideW;      // a common multiple
        _side = Enumerable.Range(1, Math.Max(1, MostSide / step)).Select(i => i * step).MinBy(Cost);
        var (firstRow, rows) = Reach(s.R, s.PadH, s.StrideH);
        var (firstColumn, columns) = Reach(s.S, s.PadW, s.StrideW);
        (_padH, _padW) = (-firstRow, -firstColumn);

        // w'[(i·f + j)·C + c, k, u, v] = w[k, c, r, t] where r = i + pad − stride·(firstRow + u) is a tap, likewise t; else 0.
        int squares = _side * _side * s.C;
        float[] w = new float[s.WSize], spread = new float[squares * s.K * rows * columns];
        device.Download(weight, w.AsSpan());
        for (int lane = 0; lane < squares; lane++)
            for (int k = 0; k < s.K; k++)
                for (int u = 0; u < rows; u++)
                    for (int v = 0; v < columns; v++)
                    {
                        int c = lane % s.C, r = lane / s.C / _side + s.PadH - s.StrideH * (firstRow + u), t = lane / s.C % _side + s.PadW - s.StrideW * (firstColumn + v);
                        if (r >= 0 && r < s.R && t >= 0 && t < s.S) spread[((lane * s.K + k) * rows + u) * columns + v] = w[((k * s.C + c) * s.R + r) * s.S + t];
                    }
        using var buffer = device.Allocate<float>(spread.Length);
        device.Upload<float>(spread, buffer.View);
        var window = new ConvWindow(s.K, squares, rows, columns, _side / s.StrideH, _side / s.StrideW);
        _conv = kernels.Conv(window, ConvAlgorithm.Direct, KernelTaps.Forward(buffer.View, window), View.Empty);
    }

    // Rows of the result, counted from side/stride·a on, that rows side·a … side·a + side − 1 of the image meet.
    (int First, int Count) Reach(int taps, int pad, int stride)
    {
        int first = (int)Math.Ceiling((pad - taps + 1) / (double)stride), last = (int)Math.Floor((_side - 1 + pad) / (double)stride);
        return (first, last - first + 1);
    }

    double Cost(int side)
    {
        double taps(int count, int stride) => Math.Ceiling((count + side - 1) / (double)stride);
        return taps(_s.R, _s.StrideH) * taps(_s.S, _s.StrideW) * ((side * side * _s.C + PanelChannels - 1) / PanelChannels) / (side * side);
    }

    public void Run(in BlockedMaps dy, View dx)
    {
        int channels = _side * _side * _s.C, h = (_s.H + _side - 1) / _side, w = (_s.W + _side - 1) / _side;
        using var buffer = _device.Allocate<float>(BlockedMaps.Floats(dy.N, channels, h, w));
        var squares = new BlockedMaps(buffer.View, dy.N, channels, h, w);
        _conv.Run(dy, squares, new() { PadH = _padH, PadW = _padW });
        _kernels.Spread(squares, _side, dx, _s.C, _s.H, _s.W);
    }

    public void Dispose() => _conv.Dispose();
}
