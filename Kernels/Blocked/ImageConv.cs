using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>A convolution that reads images [N, C, H, W] of few channels and writes blocked maps: the first layer.</summary>
public abstract class ImageConv(ConvWindow window) : IDisposable
{
    public ConvWindow Window { get; } = window;

    public abstract long WeightBytes { get; }

    /// <summary>y ← the convolution of x [y.N, C, H, W].</summary>
    public void Run(View x, int h, int w, in BlockedMaps y, in ConvUse use)
    {
        Expect.Length(x, (long)y.N * Window.C * h * w, "planned convolution: images");
        if (y.C != Window.K) throw new ShapeException($"planned convolution: {Window.K} channels do not fit maps of {y.C}");
        if (y.Data.Length > 0) Compute(x, h, w, y, use);
    }

    protected abstract void Compute(View x, int h, int w, in BlockedMaps y, in ConvUse use);

    public abstract void Dispose();
}

/// <summary>Rows of the image are interleaved, [W][C], so that a row of the kernel is one run of S·C floats and no multiplication is wasted on missing channels.</summary>
/// <remarks>Packed weights: [panel][r][s][c][2·lanes]. A tile lies in one row of y; its pixels are strideW·C floats apart. Dilation is 1, groups are 1.</remarks>
sealed unsafe class InterleavedConv<V> : ImageConv where V : struct, ILanes<V>
{
    const int RowsPerUnit = 8;

    readonly Team _team;
    readonly Device _device;
    readonly PackedWeights _packed;
    readonly int _panels;

    public InterleavedConv(ConvWindow f, KernelTaps taps, View bias, Team team, Device device) : base(f)
    {
        if (f.Groups != 1 || f.DilationH != 1 || f.DilationW != 1) throw new ShapeException("planned convolution of images: groups and dilation must be 1");
        (_team, _device, _panels) = (team, device, PanelTarget<V>.PanelsOf(f.K));
        int width = PanelTarget<V>.Width;
        _packed = new(device, (long)_panels * f.R * f.S * f.C * width, bias, f.K, width * _panels);
        float* d = _packed.Weights;
        for (int p = 0; p < _panels; p++)
            for (int r = 0; r < f.R; r++)
                for (int s = 0; s < f.S; s++)
                    for (int c = 0; c < f.C; c++)
                        for (int k = p * width; k < (p + 1) * width; k++) *d++ = k < f.K ? taps[0, k, c, r, s] : 0;
    }

    public override long WeightBytes => _packed.Bytes;

    protected override void Compute(View x, int h, int w, in BlockedMaps y, in ConvUse use)
    {
        int stride = Window.StrideW * Window.C;
        switch (stride)
        {
            case 1: Compute<Stride1>(x, h, w, y, use); break;
            case 3: Compute<Stride3>(x, h, w, y, use); break;
            case 6: Compute<Stride6>(x, h, w, y, use); break;
            default: Compute<AnyStride>(x, h, w, y, use); break;
        }
    }

    void Compute<TStride>(View images, int h, int w, BlockedMaps y, ConvUse use) where TStride : struct, IPixelStride
    {
        var f = Window;
        var target = new PanelTarget<V>(y, _packed.Bias, use);
        // What the last pixel of a row of y reads, and what a row of x and its padding need.
        int width = Math.Max((y.W - 1) * f.StrideW + f.S, use.PadW + w) * f.C, rowsInUnit = Math.Min(RowsPerUnit, y.H), read = (rowsInUnit - 1) * f.StrideH + f.R;
        int unitsPerImage = (y.H + rowsInUnit - 1) / rowsInUnit, units = y.N * unitsPerImage, taken = 0, panelFloats = f.R * f.S * f.C * PanelTarget<V>.Width;
        long sinkFloats = PanelTarget<V>.SinkFloats(y.W), own = sinkFloats + (long)read * width;
        using var buffers = _device.Allocate<float>(_team.Size * own);
        float* scratch = buffers.View.Data, weights = _packed.Weights, x = images.Data;
        _team.Run(thread =>
        {
            float* sink = scratch + thread * own, rows = sink + sinkFloats;
            nint* offsets = stackalloc nint[f.R];
            for (int r = 0; r < f.R; r++) offsets[r] = r * width;
            for (int u; (u = Interlocked.Increment(ref taken) - 1) < units;)
            {
                int n = u / unitsPerImage, first = u % unitsPerImage * rowsInUnit, count = Math.Min(rowsInUnit, y.H - first);
                for (int r = 0; r < (count - 1) * f.StrideH + f.R; r++)
                    Interleave(x + (nint)n * f.C * h * w, first * f.StrideH - use.PadH + r, h, w, f.C, use.PadW, width, rows + (nint)r * width);
                for (int p = 0; p < _panels; p++)
                    for (int r = 0; r < count; r++)
                        target.Run<TStride>(rows + (nint)r * f.StrideH * width, offsets, f.R, f.S * f.C, f.StrideW * f.C, weights + (nint)p * panelFloats, p, ((long)n * y.H + first + r) * y.W, y.W, sink);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Interleave(float* image, int row, int h, int w, int channels, int pad, int width, float* to)
    {
        if ((uint)row >= (uint)h)
        {
            new Span<float>(to, width).Clear();
            return;
        }
        new Span<float>(to, pad * channels).Clear();
        new Span<float>(to + (pad + w) * channels, width - (pad + w) * channels).Clear();
        to += pad * channels;
        float* from = image + (nint)row * w;
        if (channels == 3)
        {
            float* a = from, b = a + (nint)h * w, c = b + (nint)h * w;
            for (int i = 0; i < w; i++, to += 3) (to[0], to[1], to[2]) = (a[i], b[i], c[i]);
            return;
        }
        for (int c = 0; c < channels; c++, from += (nint)h * w)
            for (int i = 0; i < w; i++) to[i * channels + c] = from[i];
    }

    public override void Dispose() => _packed.Dispose();
}
