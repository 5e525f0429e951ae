namespace IlgpuXai.Kernels;

/// <summary>Left operand of a product, rows × depth, however it is stored.</summary>
unsafe interface ILeft
{
    /// <summary>to[k·stride + r] = left[row + r, from + k], r below rows; what lies between rows and stride is free to write.</summary>
    void Pack(int row, int rows, int from, int depth, float* to, int stride);
}

/// <summary>Right operand of a product, depth × columns, however it is stored.</summary>
unsafe interface IRight
{
    /// <summary>to[(i·depth + k)·width + j] = right[from + k, column + i·width + j]: panels of width columns; what lies behind the last column is undefined, and up to a register behind the last panel may be written.</summary>
    void Pack(int column, int columns, int from, int depth, float* to, int width);
}

/// <summary>Where a product goes.</summary>
unsafe interface IResult
{
    /// <summary>The address of (row, column) if <paramref name="width"/> columns from there lie side by side in every row; else null.</summary>
    float* Address(int row, int column, int width, out nint rowStride);

    /// <summary>result[row + r, column + j] ← (accumulate ? itself : 0) + tile[r·width + j].</summary>
    void Put(int row, int rows, int column, int columns, float* tile, int width, bool accumulate);
}

/// <summary>result = left · right + bias per row: packing and blocking around <see cref="Tile"/>, shared by matrix products and convolutions.</summary>
/// <remarks>
/// The left operand is packed once, in strips of at most MaxRows rows; the right one in panels of two registers' width and at most MaxDepth
/// deep, which a first-level cache holds while strips run over it. Threads claim chunks of columns and pack the panels they need themselves; rows are
/// shared out only where there are fewer panels than threads.
/// The order of every sum depends on the shape alone, so results are the same for any number of threads.
/// </remarks>
static unsafe class Product<V> where V : struct, ILanes<V>
{
    const int MaxDepth = 256;
    const int StripBlockFloats = 192 * 1024;       // packed left rows that stay in the second-level cache while panels pass by
    const int ChunkPanels = 8;                     // a left operand beyond the caches is streamed once per chunk
    const long OneThreadFlops = 1 << 19;           // below, starting a team costs more than it gives

    static int Width => 2 * V.Count;

    public static void Run<TLeft, TRight, TResult>(Team team, Device device, TLeft left, TRight right, TResult result, int m, int n, int depth, float* bias = null)
        where TLeft : struct, ILeft where TRight : struct, IRight where TResult : struct, IResult
    {
        if (m == 0 || n == 0) return;
        int strips = CeilDiv(m, V.MaxRows), panels = CeilDiv(n, Width), blocks = Math.Max(1, CeilDiv(depth, MaxDepth));
        int threads = 2L * m * n * depth < OneThreadFlops ? 1 : team.Size;
        bool streamed = (long)m * depth > 4 * StripBlockFloats;
        int chunkPanels = Math.Clamp(streamed ? CeilDiv(panels, threads) : panels / (4 * threads), 1, ChunkPanels);
        int chunkStrips = panels >= threads ? strips : CeilDiv(strips, threads);
        int columnChunks = CeilDiv(panels, chunkPanels), rowChunks = CeilDiv(strips, chunkStrips);

        long ownFloats = (long)Width * Math.Min(depth, MaxDepth) * chunkPanels + V.MaxRows * Width + V.Count;
        using var packedLeft = device.Allocate<float>((long)strips * V.RowStride * depth);
        using var buffers = device.Allocate<float>(threads * ownFloats);
        float* a = packedLeft.View.Data, own = buffers.View.Data;

        int packed = 0, taken = 0;
        void PackLeft(int _)
        {
            for (int i; (i = Interlocked.Increment(ref packed) - 1) < strips * blocks;)
            {
                int strip = i % strips, from = Start(depth, blocks, i / strips), steps = Start(depth, blocks, i / strips + 1) - from;
                int row = Start(m, strips, strip), rows = Start(m, strips, strip + 1) - row;
                left.Pack(row, rows, from, steps, a + ((long)from * strips + (long)strip * steps) * V.RowStride, V.RowStride);
            }
        }
        void Multiply(int thread)
        {
            float* scratch = own + thread * ownFloats, b = scratch + V.MaxRows * Width;
            for (int i; (i = Interlocked.Increment(ref taken) - 1) < columnChunks * rowChunks;)
            {
                int panel0 = i % columnChunks * chunkPanels, panel1 = Math.Min(panel0 + chunkPanels, panels);
                int strip0 = i / columnChunks * chunkStrips, strip1 = Math.Min(strip0 + chunkStrips, strips);
                for (int block = 0; block < blocks; block++)
                {
                    int from = Start(depth, blocks, block), steps = Start(depth, blocks, block + 1) - from;
                    right.Pack(panel0 * Width, Math.Min(panel1 * Width, n) - panel0 * Width, from, steps, b, Width);
                    int together = Math.Max(1, StripBlockFloats / Math.Max(1, steps * V.RowStride));
                    for (int s0 = strip0; s0 < strip1; s0 += together)
                        for (int p = panel0; p < panel1; p++)
                            for (int s = s0; s < Math.Min(s0 + together, strip1); s++)
                            {
                                int row = Start(m, strips, s), rows = Start(m, strips, s + 1) - row;
                                One(result, row, rows, p * Width, Math.Min(Width, n - p * Width), steps, a + ((long)from * strips + (long)s * steps) * V.RowStride,
                                    b + (long)(p - panel0) * steps * Width, block == 0 && bias != null ? bias + row : null, block > 0, scratch);
                            }
                }
            }
        }
        if (threads == 1)
        {
            PackLeft(0);
            Multiply(0);
            return;
        }
        team.Run(PackLeft);
        team.Run(Multiply);
    }

    static void One<TResult>(TResult result, int row, int rows, int column, int columns, int steps, float* a, float* b, float* bias, bool accumulate, float* scratch)
        where TResult : struct, IResult
    {
        var tile = TileTable<V>.WithRows(rows);
        float* c = columns == Width ? result.Address(row, column, Width, out nint stride) : Null(out stride);
        if (c != null)
        {
            tile(steps, a, b, c, stride, bias, accumulate);
            return;
        }
        tile(steps, a, b, scratch, Width, bias, false);
        result.Put(row, rows, column, columns, scratch, Width, accumulate);
    }

    static float* Null(out nint stride) { stride = 0; return null; }

    // Cuts count into parts that differ by at most one.
    static int Start(int count, int parts, int part) => (int)((long)count * part / parts);

    static int CeilDiv(int a, int b) => (a + b - 1) / b;
}
