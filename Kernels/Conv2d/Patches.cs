using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IlgpuXai.Kernels;

/// <summary>Patches as the right operand of a product: depth = (channel, tap), columns = pixels of the grid.</summary>
/// <remarks>
/// A register of pixels is put together from the runs it cuts out of image rows: one masked load per run, decided once
/// per tap and used for every channel.
/// </remarks>
readonly unsafe struct Patches<V>(PatchGrid grid, int firstChannel) : IRight where V : struct, ILanes<V>
{
    const int MaxWidth = 32;

    /// <summary>Grid pixels (n, p, q), (n, p, q + 1), … in lanes First … First + Count − 1.</summary>
    struct Run { public int First, Count, N, P, Q; }

    /// <summary>A load at Offset (of lane 0 of its register) that is good for the lanes of Mask.</summary>
    struct Piece { public long Offset; public int From, To; public float* Mask; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public void Pack(int column, int columns, int from, int depth, float* to, int width)
    {
        Run* runs = stackalloc Run[MaxWidth];
        int runCount = Cut(column, columns, runs);
        Piece* low = stackalloc Piece[MaxWidth], high = stackalloc Piece[MaxWidth];
        int taps = grid.Taps;
        for (int t = 0; t < taps; t++)
        {
            int c0 = CeilDiv(from - t, taps), c1 = CeilDiv(from + depth - t, taps);
            if (c0 >= c1) continue;
            int lows = Pieces(runs, runCount, t, 0, low), highs = Pieces(runs, runCount, t, V.Count, high);
            (long least, long most) = Range(low, lows, high, highs);
            float* row = to + (long)(c0 * taps + t - from) * width;
            long channel = (firstChannel + c0) * grid.ChannelStride;
            for (int c = c0; c < c1; c++, row += (long)taps * width, channel += grid.ChannelStride)
            {
                if (channel + least >= 0 && channel + most + V.Count <= grid.Length)
                {
                    Gather(low, lows, channel).Store(row);
                    Gather(high, highs, channel).Store(row + V.Count);
                }
                else                                              // a whole register would reach beyond the tensor
                {
                    new Span<float>(row, width).Clear();
                    Copy(low, lows, channel, row);
                    Copy(high, highs, channel, row + V.Count);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V Gather(Piece* pieces, int count, long channel)
    {
        float* data = grid.Data + channel;
        if (count == 0) return default;
        var v = V.Load(data + pieces[0].Offset) & V.Load(pieces[0].Mask);
        for (int i = 1; i < count; i++) v |= V.Load(data + pieces[i].Offset) & V.Load(pieces[i].Mask);
        return v;
    }

    void Copy(Piece* pieces, int count, long channel, float* to)
    {
        for (int i = 0; i < count; i++)
            for (int lane = pieces[i].From; lane < pieces[i].To; lane++) to[lane] = grid.Data[channel + pieces[i].Offset + lane];
    }

    int Cut(int column, int columns, Run* runs)
    {
        int count = 0, pq = grid.P * grid.Q;
        int n = column / pq, p = column % pq / grid.Q, q = column % grid.Q;
        for (int lane = 0; lane < columns; count++)
        {
            int length = Math.Min(columns - lane, grid.Q - q);
            runs[count] = new() { First = lane, Count = length, N = n, P = p, Q = q };
            lane += length;
            q = 0;
            if (++p == grid.P) { p = 0; n++; }
        }
        return count;
    }

    /// <summary>The pieces of lanes <paramref name="first"/> … first + V.Count − 1 for one tap.</summary>
    int Pieces(Run* runs, int runCount, int tap, int first, Piece* pieces)
    {
        int count = 0;
        for (int i = 0; i < runCount; i++)
        {
            ref var run = ref runs[i];
            int row = run.P + grid.TapH[tap], column = run.Q + grid.TapW[tap];
            if ((uint)row >= (uint)grid.H) continue;
            int from = Math.Max(Math.Max(run.First, run.First - column), first) - first;
            int to = Math.Min(Math.Min(run.First + run.Count, run.First + grid.W - column), first + V.Count) - first;
            if (from >= to) continue;
            long offset = run.N * grid.ImageStride + grid.TapPlane[tap] + (long)row * grid.W + column - run.First + first;
            pieces[count++] = new() { Offset = offset, From = from, To = to, Mask = Masks.Lanes(from, to) };
        }
        return count;
    }

    static (long Least, long Most) Range(Piece* low, int lows, Piece* high, int highs)
    {
        long least = long.MaxValue, most = long.MinValue;
        for (int i = 0; i < lows; i++) (least, most) = (Math.Min(least, low[i].Offset), Math.Max(most, low[i].Offset));
        for (int i = 0; i < highs; i++) (least, most) = (Math.Min(least, high[i].Offset), Math.Max(most, high[i].Offset));
        return least > most ? (0, -V.Count) : (least, most);
    }

    // Rounds towards plus infinity; a may be negative.
    static int CeilDiv(int a, int b) => a > 0 ? (a + b - 1) / b : -(-a / b);

    /// <summary>All-ones in lanes from … to − 1.</summary>
    static class Masks
    {
        static readonly float* Table = Make();

        public static float* Lanes(int from, int to) => Table + (from * (V.Count + 1) + to) * V.Count;

        static float* Make()
        {
            int n = V.Count + 1;
            var table = (float*)NativeMemory.AlignedAlloc((nuint)(n * n * V.Count * sizeof(float)), 64);
            for (int from = 0; from < n; from++)
            for (int to = 0; to < n; to++)
            for (int lane = 0; lane < V.Count; lane++)
                table[(from * n + to) * V.Count + lane] = BitConverter.Int32BitsToSingle(lane >= from && lane < to ? -1 : 0);
            return table;
        }
    }
}
