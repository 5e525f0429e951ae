using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Copies the patches of pixels of results h × w: one vector per pixel, tap and channel block, zeros outside the image.</summary>
readonly unsafe struct PatchCopy<V>(PatchedMaps x, int h, int w, ConvWindow f, ConvUse use) where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;

    readonly PatchedRows _rows = new(x);

    /// <summary>to[segment − firstSegment][pixel − from][16], segment = (channel block · R + r)·S + s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(int from, int count, int firstSegment, int segments, float* to)
    {
        for (int segment = firstSegment; segment < firstSegment + segments; segment++)
        {
            int block = segment / (f.R * f.S), tap = segment % (f.R * f.S), dy = tap / f.S * f.DilationH - use.PadH, dx = tap % f.S * f.DilationW - use.PadW;
            for (int p = from, end = from + count; p < end;)
            {
                int row = p / w, ox = p - row * w, run = Math.Min(w - ox, end - p), ix = ox * f.StrideW + dx;
                var source = _rows.Of(block, row / h, row % h * f.StrideH + dy);
                int first = Before(source.First, ix, run), last = Before(source.Last, ix, run);
                Zeros(to, first);
                if (source.ChangedFirst < source.ChangedLast)
                {
                    int changed = Before(source.ChangedFirst, ix, run), changedEnd = Before(source.ChangedLast, ix, run);
                    Values(block, source.Map, ix, first, changed, to);
                    Values(block, source.Change, ix, changed, changedEnd, to);
                    Values(block, source.Map, ix, changedEnd, last, to);
                }
                else Values(block, source.Map, ix, first, last, to);
                Zeros(to + last * Lanes, run - last);
                to += run * Lanes;
                p += run;
            }
        }
    }

    // Of the pixels that read columns ix, ix + stride, …, those before a column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Before(int column, int ix, int run) => column <= ix ? 0 : Math.Min(run, (column - ix + f.StrideW - 1) / f.StrideW);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Zeros(float* to, int count)
    {
        V zero = default;
        for (int i = 0; i < count * Lanes; i += V.Count) zero.Store(to + i);
    }

    // Pixels first … last − 1 of a run from column ix of a row on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Values(int block, float* row, int ix, int first, int last, float* to)
    {
        V zero = default;
        nint stride = (nint)f.StrideW * Lanes;
        float* from = row + (nint)ix * Lanes + first * stride, end = to + last * Lanes;
        to += first * Lanes;
        if (use.Scale.Length == 0)
            for (; to < end; from += stride, to += Lanes)
                for (int lane = 0; lane < Lanes; lane += V.Count) V.Load(from + lane).Store(to + lane);
        else
        {
            float* scale = use.Scale.Data + block * Lanes, shift = use.Shift.Data + block * Lanes;
            for (; to < end; from += stride, to += Lanes)
                for (int lane = 0; lane < Lanes; lane += V.Count) V.AtLeast(zero, V.MultiplyAdd(V.Load(from + lane), V.Load(scale + lane), V.Load(shift + lane))).Store(to + lane);
        }
    }
}
