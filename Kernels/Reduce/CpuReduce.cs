using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <remarks>
/// Long axes are reduced twice: in chunks of a fixed length, then the chunks' results. The chunks are the threads' units of
/// work, depend on the shape alone, and keep the rounding errors of long sums small.
/// </remarks>
sealed unsafe class CpuReduce(Team team) : IReduce
{
    /// <summary>Columns whose results stay in the first cache while rows stream by; columns few enough that short strides find every line in it.</summary>
    const int BlockColumns = 4096, RegisterColumns = 128;

    /// <summary>Columns so few that rows are taken as one stream, a vector of each phase at a time.</summary>
    const int StreamColumns = 32;

    public void Along<R>(View x, View y, float scale, ReduceShape s) where R : struct, IReduction
    {
        Expect.Length(x, s.XSize, "reduce: x");
        Expect.Length(y, s.YSize, "reduce: y");
        if (s.YSize > 0) Along<R>(x.Data, y.Data, scale, s);
    }

    void Along<R>(float* x, float* y, float scale, ReduceShape s) where R : struct, IReduction
    {
        int rows = ChunkRows(s.Inner), chunks = Math.Max(1, (s.Length + rows - 1) / rows);
        if (chunks == 1)
        {
            Chunks<R>(x, y, scale, s, rows, chunks);
            return;
        }
        long count = (long)s.Outer * chunks * s.Inner;
        float[] partial = ArrayPool<float>.Shared.Rent(checked((int)count));
        fixed (float* p = partial)
        {
            Chunks<R>(x, p, 1f, s, rows, chunks);
            Along<R>(p, y, scale, new(s.Outer, chunks, s.Inner));
        }
        ArrayPool<float>.Shared.Return(partial);
    }

    static int ChunkRows(int inner) => inner == 1 ? 16384 : inner <= StreamColumns ? 2048 : 256;

    /// <summary>result [Outer, chunks, Inner]: every chunk of the axis reduced.</summary>
    void Chunks<R>(float* x, float* result, float scale, ReduceShape s, int rows, int chunks) where R : struct, IReduction
    {
        int blocks = (s.Inner + BlockColumns - 1) / BlockColumns;
        long unit = Math.Max(1L, (long)Math.Min(rows, s.Length) * Math.Min(s.Inner, BlockColumns));
        team.For((long)s.Outer * chunks * blocks, Math.Max(1, Team.Grain / unit), (from, to) =>
        {
            for (long u = from; u < to; u++)
            {
                int column = (int)(u % blocks) * BlockColumns, columns = Math.Min(BlockColumns, s.Inner - column);
                long chunk = u / blocks % chunks, outer = u / blocks / chunks;
                int first = (int)chunk * rows, count = Math.Min(rows, s.Length - first);
                float* start = x + (outer * s.Length + first) * s.Inner + column, to0 = result + (outer * chunks + chunk) * s.Inner + column;
                if (s.Inner == 1) *to0 = scale * ReduceRow.Of<R>(start, count);
                else if (s.Inner <= StreamColumns) NarrowColumns<R>(start, to0, scale, count, s.Inner);
                else if (s.Inner <= RegisterColumns) Columns<R>(start, to0, scale, count, s.Inner);
                else WideColumns<R>(start, to0, scale, count, columns, s.Inner);
            }
        });
    }

    /// <summary>At least a vector of columns: four vectors side by side; the last one steps back over columns already done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Columns<R>(float* x, float* y, float scale, int rows, int columns) where R : struct, IReduction
    {
        int width = Vector<float>.Count, i = 0;
        var s = new Vector<float>(scale);
        for (; i <= columns - 4 * width; i += 4 * width)
        {
            Vector<float> a = new(R.Neutral), b = a, c = a, d = a;
            float* p = x + i;
            for (int r = 0; r < rows; r++, p += columns)
            {
                a = R.Combine(a, Vector.Load(p));
                b = R.Combine(b, Vector.Load(p + width));
                c = R.Combine(c, Vector.Load(p + 2 * width));
                d = R.Combine(d, Vector.Load(p + 3 * width));
            }
            Vector.Store(a * s, y + i);
            Vector.Store(b * s, y + i + width);
            Vector.Store(c * s, y + i + 2 * width);
            Vector.Store(d * s, y + i + 3 * width);
        }
        while (i < columns)
        {
            i = Math.Min(i, columns - width);
            Vector<float> a = new(R.Neutral);
            float* p = x + i;
            for (int r = 0; r < rows; r++, p += columns) a = R.Combine(a, Vector.Load(p));
            Vector.Store(a * s, y + i);
            i += width;
        }
    }

    /// <summary>Few columns: the rows lie one behind the other, and the pattern of columns repeats after Inner vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void NarrowColumns<R>(float* x, float* y, float scale, int rows, int columns) where R : struct, IReduction
    {
        int width = Vector<float>.Count, r = 0;
        Vector<float>* sums = stackalloc Vector<float>[columns];
        for (int j = 0; j < columns; j++) sums[j] = new(R.Neutral);
        for (; r <= rows - width; r += width)
            for (int j = 0; j < columns; j++) sums[j] = R.Combine(sums[j], Vector.Load(x + (r * columns + j * width)));
        for (int c = 0; c < columns; c++)
        {
            float sum = R.Neutral;
            for (int i = c; i < columns * width; i += columns) sum = R.Combine(sum, ((float*)sums)[i]);
            for (int q = r; q < rows; q++) sum = R.Combine(sum, x[q * columns + c]);
            y[c] = scale * sum;
        }
    }

    /// <summary>Long rows: four at a time stream by the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WideColumns<R>(float* x, float* y, float scale, int rows, int columns, int stride) where R : struct, IReduction
    {
        new Span<float>(y, columns).Fill(R.Neutral);
        int width = Vector<float>.Count, r = 0;
        for (; r <= rows - 4; r += 4)
        {
            float* a = x + (long)r * stride, b = a + stride, c = b + stride, d = c + stride;
            int i = 0;
            for (; i <= columns - width; i += width)
                Vector.Store(Four(Vector.Load(y + i), Vector.Load(a + i), Vector.Load(b + i), Vector.Load(c + i), Vector.Load(d + i)), y + i);
            int rest = columns - i;
            if (rest == 0) continue;
            var last = Four(VectorTail.Load(y + i, rest), VectorTail.Load(a + i, rest), VectorTail.Load(b + i, rest), VectorTail.Load(c + i, rest), VectorTail.Load(d + i, rest));
            VectorTail.Store(last, y + i, rest);
        }
        for (; r < rows; r++)
        {
            float* a = x + (long)r * stride;
            int i = 0;
            for (; i <= columns - width; i += width) Vector.Store(R.Combine(Vector.Load(y + i), Vector.Load(a + i)), y + i);
            int rest = columns - i;
            if (rest > 0) VectorTail.Store(R.Combine(VectorTail.Load(y + i, rest), VectorTail.Load(a + i, rest)), y + i, rest);
        }
        if (scale == 1f) return;
        for (int i = 0; i < columns; i++) y[i] *= scale;

        static Vector<float> Four(Vector<float> y, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d) => R.Combine(y, R.Combine(R.Combine(a, b), R.Combine(c, d)));
    }

    public void ArgMax(View x, IntView index, ReduceShape s)
    {
        Expect.Length(x, s.XSize, "argmax: x");
        Expect.Length(index, s.YSize, "argmax: index");
        if (s.Length < 1) throw new ShapeException($"argmax: the axis of [{s.Outer}, {s.Length}, {s.Inner}] is empty");
        team.For(s.YSize, Math.Max(1, Team.Grain / s.Length), (from, to) =>
        {
            for (long u = from; u < to; u++)
                index.Data[u] = ArgMaxScan.First(x.Data + u / s.Inner * s.Length * s.Inner + u % s.Inner, s.Length, s.Inner);
        });
    }
}
