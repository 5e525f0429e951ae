using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>SIMD operations between blocked maps: a vector of channels at a time, no shuffles.</summary>
sealed unsafe class BlockedKernels<V>(Team team, Device device) : IBlockedKernels where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;
    const MethodImplOptions Hot = BlockedLoops.Hot;

    readonly BlockedLoops _loops = new(team);

    public IBlockedPools Pools { get; } = new BlockedPools<V>(team);

    public BlockedConv Conv(ConvWindow window, ConvAlgorithm algorithm, KernelTaps taps, View bias) => algorithm switch
    {
        ConvAlgorithm.Direct => new DirectConv<V>(window, taps, bias, team, device),
        ConvAlgorithm.Winograd2 => new BlockedWinograd<Filtering2<V>, V>(window, taps, bias, team, device),
        ConvAlgorithm.Winograd4 => new BlockedWinograd<Filtering4<V>, V>(window, taps, bias, team, device),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no convolution computes that way"),
    };

    public ImageConv ImageConv(ConvWindow window, KernelTaps taps, View bias) => new InterleavedConv<V>(window, taps, bias, team, device);

    public void Block(View x, in BlockedMaps y)
    {
        Expect.Length(x, (long)y.N * y.C * y.H * y.W, "block: x");
        var to = y;
        float* from = x.Data;
        int plane = y.H * y.W;
        _loops.Rows(to.Blocks * to.N, plane * Lanes, [MethodImpl(Hot)] (i) =>
        {
            int block = i / to.N, n = i % to.N;
            Transpose.Run(from + ((nint)n * to.C + block * Lanes) * plane, plane, Math.Min(Lanes, to.C - block * Lanes), plane, to.Start + (nint)i * plane * Lanes, Lanes, Lanes);
        });
    }

    public void Unblock(in PatchedMaps x, View y)
    {
        const int together = 128;
        Expect.Length(y, (long)x.N * x.C * x.H * x.W, "unblock: y");
        var from = x;
        var patches = new PatchCopy<V>(x, x.H, x.W, new(x.C, x.C, 1, 1), new());
        float* to = y.Data;
        int plane = x.H * x.W;
        _loops.Rows(from.Blocks * from.N, plane * Lanes, [MethodImpl(Hot)] (i) =>
        {
            int block = i / from.N, n = i % from.N;
            float* copied = stackalloc float[together * Lanes];
            for (int p = 0, count; p < plane; p += count)
            {
                count = Math.Min(together, plane - p);
                float* pixels = copied;
                if (from.Parts is not null) patches.Copy(n * plane + p, count, block, 1, copied);
                else pixels = from.Maps.Start + ((nint)i * plane + p) * Lanes;
                Transpose.Run(pixels, Lanes, count, Math.Min(Lanes, from.C - block * Lanes), to + ((nint)n * from.C + block * Lanes) * plane + p, plane, count);
            }
        });
    }

    public void Fill(in BlockedMaps y, float value)
    {
        var to = y;
        _loops.Rows(to.Blocks, (int)to.Step, [MethodImpl(Hot)] (block) =>
        {
            int channels = Math.Min(Lanes, to.C - block * Lanes);
            float* d = to.Start + block * to.Step;
            for (nint i = 0; i < to.Step; i++) d[i] = i % Lanes < channels ? value : 0;
        });
    }

    public void Insert(in BlockedMaps part, in BlockedMaps whole, int first)
    {
        if (part.Pixels != whole.Pixels || first < 0 || first + part.C > whole.C) throw new ShapeException($"insert: {part.C} channels from {first} on do not fit {whole.C}");
        var (from, to) = (part, whole);
        bool last = first + part.C == whole.C;
        if (first % Lanes == 0 && (part.C % Lanes == 0 || last))
        {
            if (from.Start == to.Start + first / Lanes * to.Step) return;
            device.Copy(part.Data, whole.Data.SubView((long)first / Lanes * whole.Step, part.Data.Length));
            return;
        }
        // Channels of a block of the whole come from one or two of the part.
        int firstBlock = first / Lanes, blocks = (first + part.C - 1) / Lanes - firstBlock + 1;
        _loops.Rows(blocks, (int)to.Step, [MethodImpl(Hot)] (i) =>
        {
            int block = firstBlock + i, begin = Math.Max(0, first - block * Lanes), end = Math.Min(Lanes, first + from.C - block * Lanes);
            float* d = to.Start + block * to.Step;
            for (int lane = begin; lane < end; lane++)
            {
                int c = block * Lanes + lane - first;
                float* s = from.Start + c / Lanes * from.Step + c % Lanes;
                for (nint p = 0; p < to.Step; p += Lanes) d[p + lane] = s[p];
            }
            if (last && block == to.Blocks - 1)
                for (int lane = end; lane < Lanes; lane++)
                    for (nint p = 0; p < to.Step; p += Lanes) d[p + lane] = 0;
        });
    }

    public void Extract(in BlockedMaps whole, in BlockedMaps part, int first)
    {
        if (part.Pixels != whole.Pixels || first < 0 || first + part.C > whole.C) throw new ShapeException($"extract: {part.C} channels from {first} on are not among {whole.C}");
        var (from, to) = (whole, part);
        _loops.Rows(to.Blocks, (int)to.Step, [MethodImpl(Hot)] (block) =>
        {
            float* d = to.Start + block * to.Step;
            for (int lane = 0; lane < Lanes; lane++)
            {
                int c = first + block * Lanes + lane;
                bool there = block * Lanes + lane < to.C;
                float* s = there ? from.Start + c / Lanes * from.Step + c % Lanes : null;
                for (nint p = 0; p < to.Step; p += Lanes) d[p + lane] = there ? s[p] : 0;
            }
        });
    }

    public void Gather(in PatchedMaps x, float outside, in BlockedMaps y)
    {
        if (x.N != y.N || x.C != y.C || x.H != y.H || x.W != y.W) throw new ShapeException($"gather: {x.N}×{x.C} parts of {x.H}×{x.W} do not make maps {y.N}×{y.C} of {y.H}×{y.W}");
        var (rows, to) = (new PatchedRows(x), y);
        _loops.Rows(to.Blocks * to.N, to.H * to.W * Lanes, [MethodImpl(Hot)] (i) =>
        {
            float* d = to.Start + (nint)i * to.H * to.W * Lanes;
            for (int r = 0; r < to.H; r++, d += to.W * Lanes)
            {
                var row = rows.Of(i / to.N, i % to.N, r);
                var line = new Span<float>(d, to.W * Lanes);
                line[..(row.First * Lanes)].Fill(outside);
                line[(row.Last * Lanes)..].Fill(outside);
                Copy(row.Map, row.First, row.ChangedFirst);
                Copy(row.Change, row.ChangedFirst, row.ChangedLast);
                Copy(row.Map, row.ChangedLast, row.Last);

                void Copy(float* from, int first, int last)
                {
                    if (first < last) new Span<float>(from + (nint)first * Lanes, (last - first) * Lanes).CopyTo(new(d + (nint)first * Lanes, (last - first) * Lanes));
                }
            }
        });
    }

    public void Pointwise(in BlockedMaps x, in BlockedMaps y, in ConvUse use)
    {
        Expect.Length(x.Data, y.Data.Length, "pointwise: x");
        var (from, to, u) = (x, y, use);
        var end = new BlockedEnd<V>(use);
        _loops.Pieces(y, [MethodImpl(Hot)] (block, first, count) =>
        {
            nint at = block * to.Step + (nint)first * Lanes;
            for (int lane = 0; lane < Lanes; lane += V.Count)
            {
                bool affine = u.Scale.Length > 0;
                V scale = affine ? V.Load(u.Scale.Data + block * Lanes + lane) : default, shift = affine ? V.Load(u.Shift.Data + block * Lanes + lane) : default;
                for (nint p = at + lane, last = p + count * Lanes; p < last; p += Lanes)
                {
                    V v = V.Load(from.Start + p);
                    end.Store(affine ? V.MultiplyAdd(v, scale, shift) : v, to.Start, p);
                }
            }
        });
    }

    public void Weave(in BlockedMaps phase, in BlockedMaps y, Pixel first, int strideH, int strideW, in ConvUse use)
    {
        var (from, to) = (phase, y);
        int rows = (y.H - first.Y + strideH - 1) / strideH, columns = (y.W - first.X + strideW - 1) / strideW;
        if (from.N > 0 && (from.N != to.N || from.C != to.C || from.H != rows || from.W != columns)) throw new ShapeException($"weave: {from.H}×{from.W} places do not make every ({strideH}, {strideW})th of {y.H}×{y.W}");
        var end = new BlockedEnd<V>(use);
        _loops.Rows(to.Blocks * to.N * rows, columns * Lanes * 2, [MethodImpl(Hot)] (i) =>
        {
            nint d = ((nint)(i / rows) * to.H + first.Y + i % rows * strideH) * to.W * Lanes + first.X * Lanes;
            float* s = from.N > 0 ? from.Start + (nint)i * columns * Lanes : null;
            for (int x = 0; x < columns; x++, d += strideW * Lanes)
                for (int lane = 0; lane < Lanes; lane += V.Count) end.Store(s == null ? default : V.Load(s + x * Lanes + lane), to.Start, d + lane);
        });
    }

    public void Spread(in BlockedMaps x, int f, View y, int c, int h, int w)
    {
        var from = x;
        Expect.Length(y, (long)x.N * c * h * w, "spread: y");
        if (from.C != f * f * c || from.H != (h + f - 1) / f || from.W != (w + f - 1) / f) throw new ShapeException($"spread: {from.C} channels of {from.H}×{from.W} do not make images {c}×{h}×{w}");
        float* to = y.Data;
        _loops.Rows(from.N * c * h, w * 2, [MethodImpl(Hot)] (i) =>
        {
            int n = i / (c * h), channel = i / h % c, row = i % h, a = row / f;
            float* d = to + (nint)i * w;
            for (int j = 0; j < f; j++)
            {
                int lane = (row % f * f + j) * c + channel;
                float* s = from.Start + lane / Lanes * from.Step + ((nint)n * from.H + a) * from.W * Lanes + lane % Lanes;
                for (int b = 0; b * f + j < w; b++) d[b * f + j] = s[b * Lanes];
            }
        });
    }

    public void Signs(in BlockedMaps x, View scale, View shift, SignView signs)
    {
        Expect.Length(signs, x.Blocks * (long)x.Pixels, "signs");
        var from = x;
        ushort* to = signs.Data;
        float* scales = scale.Length > 0 ? scale.Data : null, shifts = shift.Length > 0 ? shift.Data : null;
        _loops.Pieces(x, [MethodImpl(Hot)] (block, first, count) =>
        {
            float* s = from.Start + block * from.Step + (nint)first * Lanes;
            ushort* d = to + (nint)block * from.Pixels + first;
            for (int p = 0; p < count; p++, s += Lanes)
            {
                int bits = 0;
                for (int lane = 0; lane < Lanes; lane += V.Count)
                {
                    V v = V.Load(s + lane);
                    if (scales != null) v = V.MultiplyAdd(v, V.Load(scales + block * Lanes + lane), V.Load(shifts + block * Lanes + lane));
                    bits |= V.Positive(v) << lane;
                }
                d[p] = (ushort)bits;
            }
        });
    }

    public void RectifiedBackward(in BlockedMaps dy, SignView signs, in BlockedMaps dx, in ConvUse use)
    {
        Expect.Length(dy.Data, dx.Data.Length, "rectified: dy");
        Expect.Length(signs, dx.Blocks * (long)dx.Pixels, "rectified: signs");
        var (from, to, scales) = (dy, dx, use.Scale);
        ushort* positive = signs.Data;
        var end = new BlockedEnd<V>(use);
        _loops.Pieces(dx, [MethodImpl(Hot)] (block, first, count) =>
        {
            nint at = block * to.Step + (nint)first * Lanes;
            for (int lane = 0; lane < Lanes; lane += V.Count)
            {
                V scale = V.Load(scales.Data + block * Lanes + lane), zero = default;
                for (nint p = at + lane, last = p + count * Lanes; p < last; p += Lanes)
                    end.Store(V.MultiplyAdd(V.Load(from.Start + p), scale, zero) & V.Mask(positive[p / Lanes] >> lane), to.Start, p);
            }
        });
    }

    public void Line(in BlockedMaps from, in BlockedMaps to, float[] at, bool relu, in BlockedMaps y)
    {
        if (from.N != 1 || to.N != 1 || at.Length != y.N || from.C != y.C || from.H * from.W * y.N != y.Pixels) throw new ShapeException($"line: {at.Length} places between maps of {from.Pixels} pixels do not make {y.N} of {y.Pixels / y.N}");
        Expect.Length(to.Data, from.Data.Length, "line: to");
        var (a, b, d) = (from, to, y);
        int floats = a.H * a.W * Lanes;
        _loops.Rows(d.Blocks * d.N, floats * 2, [MethodImpl(Hot)] (i) =>
        {
            int block = i / d.N;
            float* start = a.Start + block * a.Step, end = b.Start + block * b.Step, line = d.Start + (nint)i * floats;
            V place = V.Broadcast(at[i % d.N]), least = V.Broadcast(relu ? 0 : float.NegativeInfinity);
            for (int p = 0; p < floats; p += V.Count)
            {
                V s = V.Load(start + p);
                V.AtLeast(least, V.MultiplyAdd(place, V.Load(end + p) - s, s)).Store(line + p);
            }
        });
    }

    public void AddWeighted(in BlockedMaps x, float[] weights, in BlockedMaps sum)
    {
        if (sum.N != 1 || weights.Length != x.N || sum.C != x.C || sum.Pixels * x.N != x.Pixels) throw new ShapeException($"weighted sum: {x.N} maps, {weights.Length} weights");
        var (from, to) = (x, sum);
        int floats = to.H * to.W * Lanes;
        _loops.Rows(to.Blocks * to.H, to.W * Lanes * x.N, [MethodImpl(Hot)] (i) =>
        {
            nint row = (nint)(i % to.H) * to.W * Lanes, block = i / to.H;
            float* d = to.Start + block * to.Step + row, s = from.Start + block * from.Step + row;
            for (int p = 0; p < to.W * Lanes; p += V.Count)
            {
                V all = V.Load(d + p);
                for (int n = 0; n < from.N; n++) all = V.MultiplyAdd(V.Broadcast(weights[n]), V.Load(s + (nint)n * floats + p), all);
                all.Store(d + p);
            }
        });
    }
}
