using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Pooling between blocked maps and its gradients, a vector of channels at a time.</summary>
sealed unsafe class BlockedPools<V>(Team team) : IBlockedPools where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;
    const MethodImplOptions Hot = BlockedLoops.Hot;

    readonly BlockedLoops _loops = new(team);

    public void Max(in BlockedMaps x, in BlockedMaps y, PoolWindow w, View argmax)
    {
        var (from, to) = (x, y);
        float* places = argmax.Length > 0 ? argmax.Data : null;
        if (places != null) Expect.Length(argmax, y.Data.Length, "max pool: argmax");
        _loops.MapRows(to, from.W * w.R * Lanes, [MethodImpl(Hot)] (block, n, oy, at) =>
        {
            float* plane = from.Start + block * from.Step + (nint)n * from.H * from.W * Lanes;
            var (firstRow, lastRow) = Taps(oy * w.StrideH - w.PadH, w.R, from.H);
            for (int ox = 0; ox < to.W; ox++, at += Lanes)
            {
                int left = ox * w.StrideW - w.PadW;
                var (first, last) = Taps(left, w.S, from.W);
                for (int lane = 0; lane < Lanes; lane += V.Count)
                {
                    // As long as nothing is larger, the first tap; a NaN stays.
                    V best = V.Broadcast(float.NegativeInfinity), place = V.Broadcast(firstRow * w.S + first);
                    for (int r = firstRow; r < lastRow; r++)
                        for (int s = first; s < last; s++)
                        {
                            V v = V.Load(plane + ((nint)(oy * w.StrideH - w.PadH + r) * from.W + left + s) * Lanes + lane), larger = V.Above(v, best), number = V.Same(v, v);
                            best = V.Choose(number, V.Choose(larger, v, best), v);
                            if (places == null) continue;
                            V tap = V.Broadcast(r * w.S + s);
                            place = V.Choose(number, V.Choose(larger, tap, place), tap);
                        }
                    if (places != null) place.Store(places + at + lane);
                    best.Store(to.Start + at + lane);
                }
            }
        });
    }

    public void Average(in BlockedMaps x, in BlockedMaps y, PoolWindow w)
    {
        var (from, to) = (x, y);
        float share = 1f / (w.R * w.S);
        _loops.MapRows(to, from.W * w.R * Lanes, [MethodImpl(Hot)] (block, n, oy, at) =>
        {
            float* plane = from.Start + block * from.Step + (nint)n * from.H * from.W * Lanes;
            int top = oy * w.StrideH - w.PadH;
            var (firstRow, lastRow) = Taps(top, w.R, from.H);
            for (int ox = 0; ox < to.W; ox++, at += Lanes)
            {
                int left = ox * w.StrideW - w.PadW;
                var (first, last) = Taps(left, w.S, from.W);
                Mean(plane, from.W, top + firstRow, top + lastRow, left + first, left + last, share, to.Start + at);
            }
        });
    }

    public void AdaptiveAverage(in BlockedMaps x, in BlockedMaps y)
    {
        var (from, to) = (x, y);
        _loops.MapRows(to, from.H * from.W * Lanes / to.H, [MethodImpl(Hot)] (block, n, oy, at) =>
        {
            float* plane = from.Start + block * from.Step + (nint)n * from.H * from.W * Lanes;
            var (top, bottom) = Share(oy, from.H, to.H);
            for (int ox = 0; ox < to.W; ox++, at += Lanes)
            {
                var (left, right) = Share(ox, from.W, to.W);
                Mean(plane, from.W, top, bottom, left, right, 1f / ((bottom - top) * (right - left)), to.Start + at);
            }
        });
    }

    public void MaxBackward(in BlockedMaps dy, View argmax, in BlockedMaps dx, PoolWindow w, in ConvUse use)
    {
        Expect.Length(argmax, dy.Data.Length, "max pool: argmax");
        var (from, to) = (dy, dx);
        var end = new BlockedEnd<V>(use);
        float* places = argmax.Data;
        _loops.MapRows(to, to.W * Lanes * 4, [MethodImpl(Hot)] (block, n, iy, at) =>
        {
            nint plane = block * from.Step + (nint)n * from.H * from.W * Lanes;
            var (firstRow, lastRow) = Windows(iy + w.PadH, w.R, w.StrideH, from.H);
            for (int ix = 0; ix < to.W; ix++, at += Lanes)
            {
                var (first, last) = Windows(ix + w.PadW, w.S, w.StrideW, from.W);
                for (int lane = 0; lane < Lanes; lane += V.Count)
                {
                    V sum = default;
                    for (int oy = firstRow; oy < lastRow; oy++)
                        for (int ox = first; ox < last; ox++)
                        {
                            nint p = plane + ((nint)oy * from.W + ox) * Lanes + lane;
                            int tap = (iy + w.PadH - oy * w.StrideH) * w.S + ix + w.PadW - ox * w.StrideW;
                            sum += V.Load(from.Start + p) & V.Same(V.Load(places + p), V.Broadcast(tap));
                        }
                    end.Store(sum, to.Start, at + lane);
                }
            }
        });
    }

    public void AverageBackward(in BlockedMaps dy, in BlockedMaps dx, PoolWindow w, in ConvUse use)
    {
        var (from, to) = (dy, dx);
        var end = new BlockedEnd<V>(use);
        V share = V.Broadcast(1f / (w.R * w.S)), zero = default;
        _loops.MapRows(to, to.W * Lanes * 4, [MethodImpl(Hot)] (block, n, iy, at) =>
        {
            nint plane = block * from.Step + (nint)n * from.H * from.W * Lanes;
            var (firstRow, lastRow) = Windows(iy + w.PadH, w.R, w.StrideH, from.H);
            for (int ix = 0; ix < to.W; ix++, at += Lanes)
            {
                var (first, last) = Windows(ix + w.PadW, w.S, w.StrideW, from.W);
                for (int lane = 0; lane < Lanes; lane += V.Count)
                {
                    V sum = default;
                    for (int oy = firstRow; oy < lastRow; oy++)
                        for (int ox = first; ox < last; ox++) sum += V.Load(from.Start + plane + ((nint)oy * from.W + ox) * Lanes + lane);
                    end.Store(V.MultiplyAdd(sum, share, zero), to.Start, at + lane);
                }
            }
        });
    }

    public void AdaptiveAverageBackward(in BlockedMaps dy, in BlockedMaps dx, in ConvUse use)
    {
        var (from, to) = (dy, dx);
        var end = new BlockedEnd<V>(use);
        _loops.MapRows(to, to.W * Lanes * 4, [MethodImpl(Hot)] (block, n, iy, at) =>
        {
            nint plane = block * from.Step + (nint)n * from.H * from.W * Lanes;
            // Window p covers row i where ⌊p·H/P⌋ ≤ i < ⌈(p+1)·H/P⌉.
            int firstRow = iy * from.H / to.H, lastRow = ((iy + 1) * from.H + to.H - 1) / to.H;
            for (int ix = 0; ix < to.W; ix++, at += Lanes)
            {
                int first = ix * from.W / to.W, last = ((ix + 1) * from.W + to.W - 1) / to.W;
                for (int lane = 0; lane < Lanes; lane += V.Count)
                {
                    V sum = default;
                    for (int oy = firstRow; oy < lastRow; oy++)
                        for (int ox = first; ox < last; ox++)
                        {
                            var (top, bottom) = Share(oy, to.H, from.H);
                            var (left, right) = Share(ox, to.W, from.W);
                            sum = V.MultiplyAdd(V.Load(from.Start + plane + ((nint)oy * from.W + ox) * Lanes + lane), V.Broadcast(1f / ((bottom - top) * (right - left))), sum);
                        }
                    end.Store(sum, to.Start, at + lane);
                }
            }
        });
    }

    [MethodImpl(Hot)]
    static void Mean(float* plane, int width, int top, int bottom, int left, int right, float share, float* to)
    {
        V zero = default;
        for (int lane = 0; lane < Lanes; lane += V.Count)
        {
            V sum = default;
            for (int r = top; r < bottom; r++)
                for (int c = left; c < right; c++) sum += V.Load(plane + ((nint)r * width + c) * Lanes + lane);
            V.MultiplyAdd(sum, V.Broadcast(share), zero).Store(to + lane);
        }
    }

    // Taps of a window that lie inside the map.
    static (int First, int Last) Taps(int start, int taps, int length) => (Math.Max(0, -start), Math.Min(taps, length - start));

    // Windows that cover a padded place.
    static (int First, int Last) Windows(int place, int taps, int stride, int count) => (Math.Max(0, (place - taps + stride) / stride), Math.Min(count, place / stride + 1));

    static (int From, int To) Share(int p, int length, int parts) => (p * length / parts, ((p + 1) * length + parts - 1) / parts);
}
