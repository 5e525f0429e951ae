using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>A convolution of frozen weights between blocked maps: packed once, run often.</summary>
public abstract class BlockedConv(ConvWindow window) : IDisposable
{
    public ConvWindow Window { get; } = window;

    /// <summary>Of the packed weights.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>y ← the convolution of x, of which the call says padding and what goes with it; sizes of y say how many pixels are computed.</summary>
    /// <exception cref="ShapeException">Channels or batch do not fit.</exception>
    public void Run(in PatchedMaps x, in BlockedMaps y, in ConvUse use)
    {
        if (x.C != Window.C || y.C != Window.K || x.N != y.N)
            throw new ShapeException($"planned convolution: {Window.C} → {Window.K} channels do not fit maps of {x.N}×{x.C} and {y.N}×{y.C} channels");
        if (use.Residual.Length > 0) Expect.Length(use.Residual, y.Data.Length, "planned convolution: residual");
        if (use.Gate.Length > 0) Expect.Length(use.Gate, y.Blocks * (long)y.Pixels, "planned convolution: gate");
        if (use.Scale.Length > 0) Expect.Length(use.Scale, x.Blocks * BlockedMaps.Lanes, "planned convolution: scale");
        if (y.Data.Length > 0) Compute(x, y, use);
    }

    protected abstract void Compute(in PatchedMaps x, in BlockedMaps y, in ConvUse use);

    public abstract void Dispose();
}

/// <summary>Where a tile's sums go: panels of 2·lanes output channels of maps y, with what happens on the way.</summary>
readonly unsafe struct PanelTarget<V> where V : struct, ILanes<V>
{
    /// <summary>Output channels of a panel.</summary>
    public static int Width => 2 * V.Count;

    /// <summary>Panels that cover all lanes of the blocks.</summary>
    public static int PanelsOf(int channels) => (BlockedMaps.BlocksOf(channels) * BlockedMaps.Lanes + Width - 1) / Width;

    readonly float* _y, _bias, _residual;
    readonly ushort* _gate;
    readonly nint _step;
    readonly int _blocks;
    readonly float _least;

    public PanelTarget(in BlockedMaps y, float* bias, in ConvUse use)
    {
        _y = y.Start;
        _bias = bias;
        (_step, _blocks) = (y.Step, y.Blocks);
        _residual = use.Residual.Length > 0 ? use.Residual.Data : null;
        _gate = use.Gate.Length > 0 ? use.Gate.Data : null;
        _least = use.Relu ? 0 : float.NegativeInfinity;
    }

    /// <summary>The sums of consecutive pixels of one panel, in tiles of nearly equal height: the weights of a stretch of the reduction pass by all of them before the next.</summary>
    /// <param name="x">Values of the first pixel.</param>
    /// <param name="sink">Takes what the last panel has beyond the last block; the thread's own, <see cref="SinkFloats"/> long.</param>
    /// <param name="ahead">How far beyond these weights those of the thread's next panel lie, floats; 0 where they are near anyway.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TStride>(float* x, nint* offsets, int segments, int inner, nint stride, float* w, int panel, long pixel, int count, float* sink, nint ahead = 0) where TStride : struct, IPixelStride
    {
        const int lanes = BlockedMaps.Lanes;
        int channel = panel * Width, block = channel / lanes;
        bool whole = V.Count < lanes || block + 1 < _blocks;
        nint at = block * _step + (nint)pixel * lanes + channel % lanes, next = V.Count < lanes ? V.Count : _step;
        nint pixelStride = TStride.Floats > 0 ? TStride.Floats : stride;
        float* sums = sink + 3 * V.MaxRows * lanes;
        int tiles = (count + V.MaxRows - 1) / V.MaxRows, height = count / tiles, higher = count % tiles;
        int stretches = PixelTile.Stretches(segments, inner);
        var e = new Epilogue { Scratch = sink + V.MaxRows * lanes, AheadStep = Width / tiles, ResidualNext = whole ? next : 0, GateNext = whole ? next / lanes : 0, GateShift = channel % lanes };
        for (int i = 0; i < stretches; i++)
        {
            int from = segments * i / stretches, to = segments * (i + 1) / stretches;
            bool last = i == stretches - 1;
            float* weights = w + (nint)from * inner * Width, following = last ? w + ahead : w + (nint)to * inner * Width;
            for (int t = 0, done = 0; t < tiles; t++)
            {
                int rows = height + (t < higher ? 1 : 0);
                float* partial = sums + (nint)done * 2 * lanes;
                nint here = at + (nint)done * lanes;
                e.Start = i > 0 ? partial : _bias + channel;
                e.StartRow = i > 0 ? lanes : 0;
                e.StartNext = i > 0 ? rows * lanes : V.Count;
                e.Least = last ? _least : float.NegativeInfinity;
                e.Ahead = following + (nint)(to - from) * inner * Width * t / tiles;
                if (last && _residual != null) e.Residual = _residual + here;
                if (last && _gate != null) e.Gate = _gate + here / lanes;
                float* y = last ? _y + here : partial;
                PixelTileTable<TStride, V>.WithRows(rows)(x + done * pixelStride, offsets + from, to - from, inner, stride, weights, y, !last ? rows * lanes : whole ? next : (nint)(sink - y), &e);
                done += rows;
            }
        }
    }

    /// <summary>A register of channels for the sink, two for a tile's sums without residual or gate, and two for every pixel's sums on the way.</summary>
    public static long SinkFloats(int pixels) => (3L * V.MaxRows + 2L * pixels) * BlockedMaps.Lanes;
}

/// <summary>The sum of the definition: a matrix product where the convolution is one, else patches are copied to panels first.</summary>
/// <remarks>
/// Packed weights: [panel][channel block][r][s][16][2·lanes], of each panel only the blocks that its groups read. A copied group of pixels is [channel block][r][s][pixel][16]
/// and stays in the second-level cache while all panels pass over it. Few pixels and many channels: the threads share one copy and split the panels.
/// </remarks>
sealed unsafe class DirectConv<V> : BlockedConv where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes, CacheFloats = 128 * 1024, FewestPixels = 28, UnitsPerThread = 4, AheadFrom = 1 << 18;

    readonly Team _team;
    readonly Device _device;
    readonly PackedWeights _packed;
    readonly int _panels;
    readonly (int From, int To, long At)[] _panel;         // channel blocks and the place of the weights

    public DirectConv(ConvWindow f, KernelTaps taps, View bias, Team team, Device device) : base(f)
    {
        (_team, _device, _panels) = (team, device, PanelTarget<V>.PanelsOf(f.K));
        _panel = new (int, int, long)[_panels];
        int width = PanelTarget<V>.Width, tapCount = f.R * f.S;
        long at = 0;
        for (int p = 0; p < _panels; p++)
        {
            int first = Math.Min(p * width, f.K - 1) / f.KG, last = (Math.Min((p + 1) * width, f.K) - 1) / f.KG;
            var (from, to) = (first * f.CG / Lanes, BlockedMaps.BlocksOf((last + 1) * f.CG));
            _panel[p] = (from, to, at);
            at += (long)(to - from) * tapCount * Lanes * width;
        }
        _packed = new(device, at, bias, f.K, width * _panels);
        float* w = _packed.Weights;
        team.For(_panels, 1, (a, b) =>
        {
            for (int p = (int)a; p < b; p++)
            {
                float* d = w + _panel[p].At;
                for (int block = _panel[p].From; block < _panel[p].To; block++)
                    for (int r = 0; r < f.R; r++)
                        for (int s = 0; s < f.S; s++)
                            for (int c = block * Lanes; c < (block + 1) * Lanes; c++)
                                for (int k = p * width; k < (p + 1) * width; k++)
                                    *d++ = c < f.C && k < f.K && c / f.CG == k / f.KG ? taps[k / f.KG, k % f.KG, c % f.CG, r, s] : 0;
            }
        });
    }

    public override long WeightBytes => _packed.Bytes;

    protected override void Compute(in PatchedMaps x, in BlockedMaps y, in ConvUse use)
    {
        bool copies = x.Parts is not null || !Window.IsPointwise || use.PadH != 0 || use.PadW != 0 || use.Scale.Length > 0 || x.H != y.H || x.W != y.W;
        int pixels = y.Pixels, depth = x.Blocks * Lanes * Window.R * Window.S;
        // Groups of pixels that fill the cache, and as many of them as the threads need to share the work.
        int most = Math.Max(FewestPixels, CacheFloats / depth), groups = (pixels + most - 1) / most;
        if (groups < UnitsPerThread * _team.Size) groups = Math.Clamp(pixels / (4 * V.MaxRows), 1, UnitsPerThread * _team.Size);
        bool byPixels = groups >= 2 * _team.Size;
        var job = new Job(this, x, y, use, copies);
        if (byPixels) job.ByPixels(groups);
        else job.ByPanels();
    }

    public override void Dispose() => _packed.Dispose();

    /// <summary>One run.</summary>
    sealed class Job(DirectConv<V> conv, PatchedMaps x, BlockedMaps y, ConvUse use, bool copies)
    {
        readonly ConvWindow _f = conv.Window;
        readonly PanelTarget<V> _target = new(y, conv._packed.Bias, use);
        readonly PatchCopy<V> _patches = new(x, y.H, y.W, conv.Window, use);

        int Taps => _f.R * _f.S;

        public void ByPixels(int groups)
        {
            int pixels = y.Pixels, most = (pixels + groups - 1) / groups, segments = x.Blocks * Taps, taken = 0;
            long sinkFloats = PanelTarget<V>.SinkFloats(most), own = sinkFloats + (copies ? (long)segments * most * Lanes : 0);
            using var buffers = conv._device.Allocate<float>(conv._team.Size * own);
            float* scratch = buffers.View.Data, weights = conv._packed.Weights;
            conv._team.Run(thread =>
            {
                float* sink = scratch + thread * own, patches = sink + sinkFloats;
                nint* offsets = stackalloc nint[segments];
                for (int g; (g = Interlocked.Increment(ref taken) - 1) < groups;)
                {
                    int from = (int)((long)pixels * g / groups), count = (int)((long)pixels * (g + 1) / groups) - from;
                    if (copies) _patches.Copy(from, count, 0, segments, patches);
                    nint step = copies ? (nint)count * Lanes : x.Maps.Step;
                    for (int s = 0; s < segments; s++) offsets[s] = s * step;
                    float* source = copies ? patches : x.Maps.Start + (nint)from * Lanes;
                    for (int p = 0; p < conv._panels; p++) Panel(p, source, offsets, weights, from, count, sink, 1);
                }
            });
        }

        public void ByPanels()
        {
            int pixels = y.Pixels, segments = x.Blocks * Taps, copied = 0, taken = 0;
            long sinkFloats = PanelTarget<V>.SinkFloats(pixels);
            using var buffers = conv._device.Allocate<float>(conv._team.Size * sinkFloats + (copies ? (long)segments * pixels * Lanes : 0));
            float* sinks = buffers.View.Data, patches = sinks + conv._team.Size * sinkFloats, weights = conv._packed.Weights;
            if (copies)
            {
                int pieces = Math.Min(segments, UnitsPerThread * conv._team.Size);
                conv._team.Run(_ =>
                {
                    for (int i; (i = Interlocked.Increment(ref copied) - 1) < pieces;)
                    {
                        int from = segments * i / pieces;
                        _patches.Copy(0, pixels, from, segments * (i + 1) / pieces - from, patches + (nint)from * pixels * Lanes);
                    }
                });
            }
            conv._team.Run(thread =>
            {
                nint* offsets = stackalloc nint[segments];
                nint step = (nint)pixels * Lanes;
                for (int s = 0; s < segments; s++) offsets[s] = s * (copies ? step : x.Maps.Step);
                for (int p; (p = Interlocked.Increment(ref taken) - 1) < conv._panels;)
                    Panel(p, copies ? patches : x.Maps.Start, offsets, weights, 0, pixels, sinks + thread * sinkFloats, conv._team.Size);
            });
        }

        // The thread's next panel will be about `next` further on.
        void Panel(int p, float* source, nint* offsets, float* weights, int from, int count, float* sink, int next)
        {
            nint ahead = p + next < conv._panels && conv.WeightBytes > AheadFrom ? (nint)(conv._panel[p + next].At - conv._panel[p].At) : 0;
            var (first, last, at) = conv._panel[p];
            _target.Run<BlockStride>(source, offsets + first * Taps, (last - first) * Taps, Lanes, 0, weights + at, p, from, count, sink, ahead);
        }
    }
}
