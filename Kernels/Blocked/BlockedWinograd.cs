using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>3×3 convolutions of stride 1 with fewer multiplications. Lavin and Gray 2016, arXiv:1509.09308.</summary>
/// <remarks>
/// y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A per (m+2)² input square d and m² output tile. Packed weights: [panel][point][channel block][16][2·lanes]. Transformed inputs of a group of tiles are
/// [point][channel block][tile][16]. Per panel all points are multiplied, and their sums transformed back while they are in the cache.
/// Where tiles are few or weights many, the threads share one group and split the panels, so that each weight is read once; otherwise every thread has groups of its own.
/// Which of both does not change a bit.
/// </remarks>
sealed unsafe class BlockedWinograd<TFilter, V> : BlockedConv where TFilter : struct, IFiltering<V> where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes, CacheFloats = 160 * 1024, FewestTiles = 14, MostTiles = 112, UnitsPerThread = 3;

    readonly Team _team;
    readonly Device _device;
    readonly PackedWeights _packed;
    readonly int _panels, _blocks;

    static int Side => TFilter.Tile + 2;
    static int Points => Side * Side;

    public BlockedWinograd(ConvWindow f, KernelTaps taps, View bias, Team team, Device device) : base(f)
    {
        if (!f.IsPlain3x3) throw new ShapeException("winograd: 3×3 taps, stride, dilation and groups of 1 were expected");
        (_team, _device, _panels, _blocks) = (team, device, PanelTarget<V>.PanelsOf(f.K), BlockedMaps.BlocksOf(f.C));
        int width = PanelTarget<V>.Width, channels = _blocks * Lanes;
        _packed = new(device, (long)_panels * Points * channels * width, bias, f.K, width * _panels);
        float* u = _packed.Weights;
        team.For(_panels, 1, (a, b) =>
        {
            double* g = stackalloc double[Side * 3];
            for (int p = (int)a; p < b; p++)
                for (int c = 0; c < channels; c++)
                    for (int j = 0; j < width; j++)
                    {
                        int k = p * width + j;
                        bool real = c < f.C && k < f.K;
                        for (int i = 0; i < Side; i++)
                            for (int s = 0; s < 3; s++)
                            {
                                double sum = 0;
                                for (int r = 0; r < 3; r++) sum += real ? TFilter.Kernel(i, r) * taps[0, k, c, r, s] : 0;
                                g[i * 3 + s] = sum;
                            }
                        for (int i = 0; i < Side; i++)
                            for (int l = 0; l < Side; l++)
                                u[(((long)p * Points + i * Side + l) * channels + c) * width + j] =
                                    (float)(g[i * 3] * TFilter.Kernel(l, 0) + g[i * 3 + 1] * TFilter.Kernel(l, 1) + g[i * 3 + 2] * TFilter.Kernel(l, 2));
                    }
        });
    }

    public override long WeightBytes => _packed.Bytes;

    protected override void Compute(in PatchedMaps x, in BlockedMaps y, in ConvUse use)
    {
        if (use.Scale.Length > 0) throw new ShapeException("winograd: takes its input as it is");
        int tilesH = (y.H + TFilter.Tile - 1) / TFilter.Tile, tilesW = (y.W + TFilter.Tile - 1) / TFilter.Tile, tiles = y.N * tilesH * tilesW;
        int fit = Math.Clamp(CacheFloats / (Points * _blocks * Lanes) / 14 * 14, FewestTiles, MostTiles), groups = (tiles + fit - 1) / fit;
        if (groups < UnitsPerThread * _team.Size && tiles / (UnitsPerThread * _team.Size) >= FewestTiles) groups = UnitsPerThread * _team.Size;
        var job = new Job(this, x, y, use, tilesH, tilesW);
        // Beyond the cache weights are read again for every group: fewer, shared groups then.
        if (groups >= UnitsPerThread * _team.Size && (WeightBytes <= CacheFloats * 4 || groups >= 16 * _team.Size)) job.Own(tiles, groups);
        else job.Shared(tiles, Math.Max(FewestTiles, 4 * CacheFloats / (Points * _blocks * Lanes) / 14 * 14));
    }

    public override void Dispose() => _packed.Dispose();

    /// <summary>One run.</summary>
    sealed class Job(BlockedWinograd<TFilter, V> conv, PatchedMaps x, BlockedMaps y, ConvUse use, int tilesH, int tilesW)
    {
        readonly PatchedRows _rows = new(x);
        readonly float* _bias = conv._packed.Bias, _weights = conv._packed.Weights;
        readonly float* _residual = use.Residual.Length > 0 ? use.Residual.Data : null;
        readonly ushort* _gate = use.Gate.Length > 0 ? use.Gate.Data : null;
        readonly float _least = use.Relu ? 0 : float.NegativeInfinity;

        static int Width => PanelTarget<V>.Width;

        // Padded squares and the transform's own work.
        static int WorkFloats => 2 * Points * Lanes;

        static long SumFloats(int tiles) => (long)Points * tiles * Math.Max(Width, Lanes);

        public void Own(int tiles, int groups)
        {
            int most = (tiles + groups - 1) / groups, taken = 0;
            long inputs = (long)Points * conv._blocks * most * Lanes, own = WorkFloats + inputs + SumFloats(most);
            using var buffers = conv._device.Allocate<float>(conv._team.Size * own);
            float* scratch = buffers.View.Data;
            conv._team.Run(thread =>
            {
                float* work = scratch + thread * own, v = work + WorkFloats, sums = v + inputs;
                nint* offsets = stackalloc nint[conv._blocks];
                for (int g; (g = Interlocked.Increment(ref taken) - 1) < groups;)
                {
                    int from = (int)((long)tiles * g / groups), count = (int)((long)tiles * (g + 1) / groups) - from;
                    for (int block = 0; block < conv._blocks; block++) Transform(block, from, 0, count, count, v, work);
                    for (int p = 0; p < conv._panels; p++) Finish(p, from, 0, count, count, v, sums, offsets);
                }
            });
        }

        public void Shared(int tiles, int most)
        {
            most = Math.Min(most, tiles);
            int chunk = Math.Min(most, MostTiles);
            long inputs = (long)Points * conv._blocks * most * Lanes, own = Math.Max(WorkFloats, SumFloats(chunk));
            using var buffers = conv._device.Allocate<float>(inputs + conv._team.Size * own);
            float* v = buffers.View.Data, scratch = v + inputs;
            int groups = (tiles + most - 1) / most;
            for (int g = 0; g < groups; g++)
            {
                int from = (int)((long)tiles * g / groups), count = (int)((long)tiles * (g + 1) / groups) - from;
                int chunks = (count + chunk - 1) / chunk, transformed = 0, finished = 0, pieces = conv._blocks * chunks, units = conv._panels * chunks;
                conv._team.Run(thread =>
                {
                    for (int i; (i = Interlocked.Increment(ref transformed) - 1) < pieces;)
                    {
                        int c = i % chunks, first = (int)((long)count * c / chunks);
                        Transform(i / chunks, from, first, (int)((long)count * (c + 1) / chunks) - first, count, v, scratch + thread * own);
                    }
                });
                conv._team.Run(thread =>
                {
                    nint* offsets = stackalloc nint[conv._blocks];
                    for (int i; (i = Interlocked.Increment(ref finished) - 1) < units;)
                    {
                        int c = i % chunks, first = (int)((long)count * c / chunks);
                        Finish(i / chunks, from, first, (int)((long)count * (c + 1) / chunks) - first, count, v, scratch + thread * own, offsets);
                    }
                });
            }
        }

        // Tiles first … first + count − 1 of a group of size `all` that begins at tile `from`; one channel block.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Transform(int block, int from, int first, int count, int all, float* v, float* work)
        {
            nint step = (nint)conv._blocks * all * Lanes;
            float* padded = work + Points * Lanes;
            for (int i = first; i < first + count; i++)
            {
                int tile = from + i, row = tile / tilesW, tx = tile - row * tilesW, n = row / tilesH, ty = row - n * tilesH;
                int top = ty * TFilter.Tile - use.PadH, left = tx * TFilter.Tile - use.PadW;
                float* to = v + ((nint)block * all + i) * Lanes;
                float* source = _rows.Square(block, n, top, left, Side, out nint rowStep);
                if (source == null)
                {
                    Gather(block, n, top, left, padded);
                    source = padded;
                    rowStep = Side * Lanes;
                }
                for (int lane = 0; lane < Lanes; lane += V.Count) TFilter.Input(source + lane, rowStep, to + lane, step, work);
            }
        }

        // A square of image n, zeros where nothing is.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Gather(int block, int n, int top, int left, float* to)
        {
            for (int r = 0; r < Side; r++)
            {
                var row = _rows.Of(block, n, top + r);
                for (int c = left; c < left + Side; c++, to += Lanes)
                {
                    float* from = c >= row.ChangedFirst && c < row.ChangedLast ? row.Change : row.Map;
                    bool inside = c >= row.First && c < row.Last;
                    for (int lane = 0; lane < Lanes; lane += V.Count) (inside ? V.Load(from + (nint)c * Lanes + lane) : default).Store(to + lane);
                }
            }
        }

        // The products of one panel at all points, and what becomes of their sums.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Finish(int panel, int from, int first, int count, int all, float* v, float* sums, nint* offsets)
        {
            int channels = conv._blocks * Lanes;
            nint step = (nint)channels * all, sumStep = (nint)count * Math.Max(Width, Lanes);
            for (int b = 0; b < conv._blocks; b++) offsets[b] = (nint)b * all * Lanes;
            float* zeros = stackalloc float[2 * V.Count];
            new Span<float>(zeros, 2 * V.Count).Clear();
            int tiles = (count + V.MaxRows - 1) / V.MaxRows, height = count / tiles, higher = count % tiles;
            var e = new Epilogue { Least = float.NegativeInfinity, AheadStep = Width / tiles };
            // Sums of a panel: [point][block][tile][16], or, where a panel is narrower than a block, its lanes of [point][tile][16].
            nint next = V.Count < Lanes ? V.Count : (nint)count * Lanes;
            int stretches = PixelTile.Stretches(conv._blocks, Lanes);
            float* w = _weights + (long)panel * Points * channels * Width;
            for (int point = 0; point < Points; point++)
                for (int i = 0; i < stretches; i++)
                {
                    int begin = conv._blocks * i / stretches, end = conv._blocks * (i + 1) / stretches;
                    nint floats = (nint)(end - begin) * Lanes * Width;
                    float* a = v + point * step + (nint)first * Lanes, to = sums + point * sumStep;
                    for (int t = 0; t < tiles; t++)
                    {
                        int rows = height + (t < higher ? 1 : 0);
                        e.Start = i > 0 ? to : zeros;
                        e.StartRow = i > 0 ? Lanes : 0;
                        e.StartNext = i > 0 ? next : V.Count;
                        e.Ahead = w + floats + floats * t / tiles;
                        PixelTileTable<BlockStride, V>.WithRows(rows)(a, offsets + begin, end - begin, Lanes, 0, w, to, next, &e);
                        a += rows * Lanes;
                        to += rows * Lanes;
                    }
                    w += floats;
                }
            int channel = panel * Width, lanes = Math.Min(Width, Lanes);
            for (int block = channel / Lanes, part = 0; part < Width; block++, part += Lanes)
            {
                if (block >= y.Blocks) break;
                float* s = sums + part / Lanes * count * Lanes;
                for (int lane = 0; lane < lanes; lane += V.Count)
                {
                    int at = channel % Lanes + lane;
                    Put(block, at, from + first, count, s + lane, sumStep);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        void Put(int block, int lane, int tile, int count, float* sums, nint step)
        {
            float* pixels = stackalloc float[TFilter.Tile * TFilter.Tile * V.Count];
            V bias = V.Load(_bias + block * Lanes + lane), least = V.Broadcast(_least);
            for (int i = 0; i < count; i++, tile++, sums += Lanes)
            {
                int row = tile / tilesW, tx = tile - row * tilesW, n = row / tilesH, ty = row - n * tilesH;
                TFilter.Output(sums, step, pixels);
                int rows = Math.Min(TFilter.Tile, y.H - ty * TFilter.Tile), columns = Math.Min(TFilter.Tile, y.W - tx * TFilter.Tile);
                nint at = block * y.Step + (((nint)n * y.H + ty * TFilter.Tile) * y.W + tx * TFilter.Tile) * Lanes + lane;
                for (int r = 0; r < rows; r++, at += (nint)y.W * Lanes)
                    for (int c = 0; c < columns; c++)
                    {
                        nint place = at + c * Lanes;
                        V sum = V.Load(pixels + (r * TFilter.Tile + c) * V.Count) + bias;
                        if (_residual != null) sum += V.Load(_residual + place);
                        sum = V.AtLeast(least, sum);
                        if (_gate != null) sum &= V.Mask(_gate[place / Lanes] >> lane);
                        sum.Store(y.Start + place);
                    }
            }
        }
    }
}
