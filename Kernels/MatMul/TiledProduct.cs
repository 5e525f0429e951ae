using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Where a row of the left or a column of the right operand lies: whatever of its address does not depend on the depth.</summary>
public readonly struct Place(int start, int h = 0, int w = 0)
{
    public readonly int Start = start, H = h, W = w;
}

/// <summary>A batch of matrix products c[rows × columns] = left[rows × depth] · right[depth × columns] whose operands are computed addresses.</summary>
/// <remarks>A slice is one product of the batch. Rows, columns and depths are asked for inside their ranges only.</remarks>
public interface IProduct<TShape> where TShape : unmanaged
{
    static abstract int Rows(TShape s);
    static abstract int Columns(TShape s);
    static abstract int DepthFrom(int slice, TShape s);
    static abstract int DepthEnd(int slice, TShape s);

    /// <summary>Neighbours along the depth, rather than along rows or columns, lie beside each other in memory.</summary>
    static abstract bool LeftRunsAlongDepth { get; }
    static abstract bool RightRunsAlongDepth { get; }

    static abstract Place Row(int slice, int row, TShape s);
    static abstract Place Column(int slice, int column, TShape s);
    static abstract float Left(View a, Place row, int depth, TShape s);
    static abstract float Right(View b, Place column, int depth, TShape s);
    static abstract void Store(View c, View bias, int slice, int row, int column, float sum, TShape s);
}

/// <summary>Runs an <see cref="IProduct{TShape}"/>: a 16 × 16 group computes 64 × 64 sums, 4 × 4 per thread in registers.</summary>
/// <remarks>
/// Per step, 16 depths of both operands are staged in shared memory (8 KiB), so each value is read from global memory 1/64 as often as
/// naively, and each from shared memory serves four sums. Outside the matrices the tiles hold zeros and nothing is stored: no thread leaves before a barrier.
/// </remarks>
sealed class TiledProduct<TProduct, TShape>(IKernelRunner runner) where TProduct : struct, IProduct<TShape> where TShape : unmanaged
{
    const int Side = 16, Each = 4, Tile = Side * Each, Depth = 16, Threads = Side * Side, Loads = Tile * Depth / Threads;

    readonly Action<KernelConfig, View, View, View, View, TShape> _kernel = runner.Load<View, View, View, View, TShape>(Kernel);

    public void Run(View a, View b, View bias, View c, int slices, TShape s)
    {
        int rows = TProduct.Rows(s), columns = TProduct.Columns(s);
        if (rows == 0 || columns == 0 || slices == 0) return;
        _kernel(new KernelConfig(new Index3D((columns + Tile - 1) / Tile, (rows + Tile - 1) / Tile, slices), new Index3D(Side, Side, 1)), a, b, bias, c, s);
    }

    static void Kernel(View a, View b, View bias, View c, TShape s)
    {
        var left = SharedMemory.Allocate<float>(Depth * Tile);        // [depth][row]
        var right = SharedMemory.Allocate<float>(Depth * Tile);       // [depth][column]
        var sums = LocalMemory.Allocate<float>(Each * Each);
        int thread = Group.IdxY * Side + Group.IdxX, slice = Grid.IdxZ;
        int firstRow = Grid.IdxY * Tile, firstColumn = Grid.IdxX * Tile, end = TProduct.DepthEnd(slice, s);
        for (int i = 0; i < Each * Each; i++) sums[i] = 0f;

        for (int depth = TProduct.DepthFrom(slice, s); depth < end; depth += Depth)
        {
            for (int load = 0; load < Loads; load++)
            {
                int i = load * Threads + thread;
                int d = TProduct.LeftRunsAlongDepth ? i % Depth : i / Tile, row = TProduct.LeftRunsAlongDepth ? i / Depth : i % Tile;
                bool inside = firstRow + row < TProduct.Rows(s) && depth + d < end;
                left[d * Tile + row] = inside ? TProduct.Left(a, TProduct.Row(slice, firstRow + row, s), depth + d, s) : 0f;

                d = TProduct.RightRunsAlongDepth ? i % Depth : i / Tile;
                int column = TProduct.RightRunsAlongDepth ? i / Depth : i % Tile;
                inside = firstColumn + column < TProduct.Columns(s) && depth + d < end;
                right[d * Tile + column] = inside ? TProduct.Right(b, TProduct.Column(slice, firstColumn + column, s), depth + d, s) : 0f;
            }
            Group.Barrier();                                          // tiles complete

            for (int d = 0; d < Depth; d++)
                for (int y = 0; y < Each; y++)
                {
                    float value = left[d * Tile + y * Side + Group.IdxY];
                    for (int x = 0; x < Each; x++) sums[y * Each + x] += value * right[d * Tile + x * Side + Group.IdxX];
                }
            Group.Barrier();                                          // tiles free for the next step
        }

        for (int y = 0; y < Each; y++)
            for (int x = 0; x < Each; x++)
            {
                int row = firstRow + y * Side + Group.IdxY, column = firstColumn + x * Side + Group.IdxX;
                if (row < TProduct.Rows(s) && column < TProduct.Columns(s)) TProduct.Store(c, bias, slice, row, column, sums[y * Each + x], s);
            }
    }
}
