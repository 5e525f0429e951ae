using System.Collections.Concurrent;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>A group per row where the reduced axis is innermost, else a thread per column. Long axes are reduced twice: in chunks, then the chunks' results.</summary>
sealed class GpuReduce(IKernelRunner runner, Device device) : IReduce
{
    const int ShortRow = 32, RowChunk = 16384, ColumnChunk = 256;

    readonly ConcurrentDictionary<Type, object> _reductions = new();
    readonly Action<Index1D, View, IntView, ReduceShape> _argMax = runner.LoadAuto<View, IntView, ReduceShape>(ArgMaxKernel);

    public void Along<R>(View x, View y, float scale, ReduceShape s) where R : struct, IReduction
    {
        Expect.Length(x, s.XSize, "reduce: x");
        Expect.Length(y, s.YSize, "reduce: y");
        if (s.YSize == 0) return;
        var kernels = (Reduction<R>)_reductions.GetOrAdd(typeof(R), static (_, runner) => new Reduction<R>(runner), runner);
        bool rows = s.Inner == 1 && s.Length >= ShortRow;
        int chunk = rows ? RowChunk : ColumnChunk, chunks = Math.Max(1, (s.Length + chunk - 1) / chunk);
        if (chunks == 1)
        {
            Chunks(x, y, scale);
            return;
        }
        using var partial = device.Allocate<float>((long)s.Outer * chunks * s.Inner);
        Chunks(x, partial.View, 1f);
        Along<R>(partial.View, y, scale, new(s.Outer, chunks, s.Inner));

        void Chunks(View from, View to, float factor)
        {
            if (rows) kernels.Rows((s.Outer * chunks, GroupReduce.Threads(s.Length)), from, to, factor, s.Length, chunks);
            else kernels.Columns(s.Outer * chunks * s.Inner, from, to, factor, s, chunks);
        }
    }

    public void ArgMax(View x, IntView index, ReduceShape s)
    {
        Expect.Length(x, s.XSize, "argmax: x");
        Expect.Length(index, s.YSize, "argmax: index");
        if (s.Length < 1) throw new ShapeException($"argmax: the axis of [{s.Outer}, {s.Length}, {s.Inner}] is empty");
        _argMax(s.YSize, x, index, s);
    }

    static void ArgMaxKernel(Index1D i, View x, IntView index, ReduceShape s)
    {
        int start = i / s.Inner * s.Length * s.Inner + i % s.Inner, at = 0;
        float best = x[start];
        for (int k = 1; k < s.Length; k++)
        {
            float v = x[start + k * s.Inner];
            bool isNumber = best <= float.PositiveInfinity;
            if (v <= best || !isNumber) continue;                // the first NaN wins over every number
            best = v;
            at = k;
        }
        index[i] = at;
    }

    sealed class Reduction<R>(IKernelRunner runner) where R : struct, IReduction
    {
        public readonly Action<KernelConfig, View, View, float, int, int> Rows = runner.Load<View, View, float, int, int>(RowsKernel);
        public readonly Action<Index1D, View, View, float, ReduceShape, int> Columns = runner.LoadAuto<View, View, float, ReduceShape, int>(ColumnsKernel);

        static void RowsKernel(View x, View y, float scale, int length, int chunks)
        {
            var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
            int row = Grid.IdxX / chunks, first = Grid.IdxX % chunks * RowChunk, end = IntrinsicMath.Min(first + RowChunk, length);
            float result = R.Neutral;
            for (int i = first + Group.IdxX; i < end; i += Group.DimX) result = R.Combine(result, x[row * length + i]);
            result = GroupReduce.All<R>(result, shared);
            if (Group.IdxX == 0) y[Grid.IdxX] = scale * result;
        }

        static void ColumnsKernel(Index1D i, View x, View y, float scale, ReduceShape s, int chunks)
        {
            int column = i % s.Inner, chunk = i / s.Inner % chunks, outer = i / s.Inner / chunks;
            int first = chunk * ColumnChunk, end = IntrinsicMath.Min(first + ColumnChunk, s.Length);
            float result = R.Neutral;
            for (int k = first; k < end; k++) result = R.Combine(result, x[(outer * s.Length + k) * s.Inner + column]);
            y[i] = scale * result;
        }
    }
}
