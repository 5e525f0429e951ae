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
    const int MaxRegisters = 64;                  // of pixels packed together; more are done in turns

    /// <summary>Grid pixels (n, p, q), (n, p, q + 1), … in lanes First … First + Count − 1.</summary>
    struct Run { public int First, Count, N, P, Q; }

    /// <summary>A load at Offset (of lane 0 of its register) that is good for the lanes of Mask.</summary>
    struct Piece { public long Offset; public int From, To; public float* Mask; }

    public void Pack(int column, int columns, int from, int depth, float* to, int width)
    {
        int most = MaxRegisters * V.Count / width * width;
        for (int j = 0; j < columns; j += most) Together(column + j, Math.Min(most, columns - j), from, depth, to + (long)j * depth, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    void Together(int column, int columns, int from, int depth, float* to, int width)
    {
        Run* runs = stackalloc Run[columns];
        int runCount = Cut(column, columns, runs), registers = (columns + width - 1) / width * 2, taps = grid.Taps;
        Piece* pieces = stackalloc Piece[columns + registers];            // a run in two registers counts twice
        int* first = stackalloc int[registers + 1];
        for (int t = 0; t < taps; t++)
        {
            int c0 = CeilDiv(from - t, taps), c1 = CeilDiv(from + depth - t, taps);
            if (c0 >= c1) continue;
            (long least, long most) = Pieces(runs, runCount, t, registers, pieces, first);
            float* row = to + (long)(c0 * taps + t - from) * width;
            long channel = (firstChannel + c0) * grid.ChannelStride;
            for (int c = c0; c < c1; c++, row += (long)taps * width, channel += grid.ChannelStride)
            {
                bool safe = channel + least >= 0 && channel + most + V.Count <= grid.Length;
                float* data = grid.Data + channel, panel = row;
                for (int r = 0; r < registers; r += 2, panel += (long)depth * width)
                {
                    if (safe)
                    {
                        Gather(data, pieces + first[r], first[r + 1] - first[r]).Store(panel);
                        Gather(data, pieces + first[r + 1], first[r + 2] - first[r + 1]).Store(panel + V.Count);
                    }
                    else                                          // a whole register would reach beyond the tensor
                    {
                        new Span<float>(panel, width).Clear();
                        Copy(data, pieces + first[r], first[r + 1] - first[r], panel);
                        Copy(data, pieces + first[r + 1], first[r + 2] - first[r + 1], panel + V.Count);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Gather(float* data, Piece* pieces, int count)
    {
        if (count == 0) return default;
        var v = V.Load(data + pieces->Offset) & V.Load(pieces->Mask);
        for (int i = 1; i < count; i++) v |= V.Load(data + pieces[i].Offset) & V.Load(pieces[i].Mask);
        return v;
    }

    static void Copy(float* data, Piece* pieces, int count, float* to)
    {
        for (int i = 0; i < count; i++)
            for (int lane = pieces[i].From; lane < pieces[i].To; lane++) to[lane] = data[pieces[i].Offset + lane];
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

    /// <summary>The pieces of every register for one tap: register r's are first[r] … first[r + 1] − 1. Returns the least and the greatest offset.</summary>
    (long Least, long Most) Pieces(Run* runs, int runCount, int tap, int registers, Piece* pieces, int* first)
    {
        long least = long.MaxValue, most = long.MinValue;
        int count = 0, i = 0;
        for (int r = 0; r < registers; r++)
        {
            first[r] = count;
            int lanes = r * V.Count;
            while (i < runCount && runs[i].First + runs[i].Count <= lanes) i++;
            for (int k = i; k < runCount && runs[k].First < lanes + V.Count; k++)
            {
                ref var run = ref runs[k];
                int row = run.P + grid.TapH[tap], column = run.Q + grid.TapW[tap];
                if ((uint)row >= (uint)grid.H) continue;
                int from = Math.Max(Math.Max(run.First, run.First - column), lanes) - lanes;
                int to = Math.Min(Math.Min(run.First + run.Count, run.First + grid.W - column), lanes + V.Count) - lanes;
                if (from >= to) continue;
                long offset = run.N * grid.ImageStride + grid.TapPlane[tap] + (long)row * grid.W + column - run.First + lanes;
                pieces[count++] = new() { Offset = offset, From = from, To = to, Mask = Masks.Lanes(from, to) };
                (least, most) = (Math.Min(least, offset), Math.Max(most, offset));
            }
        }
        first[registers] = count;
        return count == 0 ? (0, -V.Count) : (least, most);
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
