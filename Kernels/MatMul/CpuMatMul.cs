namespace IlgpuXai.Kernels;

/// <summary>Matrix products on the processor: strided operands for <see cref="Product{V}"/>.</summary>
sealed unsafe class CpuMatMul<V>(Team team, Device device) : IMatMul where V : struct, ILanes<V>
{
    public void Multiply(View a, View b, View c, MatMulShape s)
    {
        Check("a", a.Length, s.StrideA, (long)s.M * s.K, s);
        Check("b", b.Length, s.StrideB, (long)s.K * s.N, s);
        Check("c", c.Length, s.StrideC, (long)s.M * s.N, s);
        for (int i = 0; i < s.Batch; i++)
        {
            float* pa = a.Data + (long)i * s.StrideA, pb = b.Data + (long)i * s.StrideB, pc = c.Data + (long)i * s.StrideC;
            Product<V>.Run(team, device,
                new StridedLeft<V>(pa, s.TransposeA ? 1 : s.K, s.TransposeA ? s.M : 1),
                new StridedRight<V>(pb, s.TransposeB ? 1 : s.N, s.TransposeB ? s.K : 1),
                new DenseResult<V>(pc, s.N), s.M, s.N, s.K);
        }
    }

    static void Check(string name, long length, int stride, long one, MatMulShape s)
    {
        if (length < (s.Batch - 1L) * stride + one) throw new ShapeException($"matmul: {name} has {length} elements, {s.Batch} × [{s.M}, {s.K}]·[{s.K}, {s.N}] needs {(s.Batch - 1L) * stride + one}");
    }
}

/// <summary>left[r, k] = data[r·rowStride + k·depthStride]; one of the strides is 1.</summary>
readonly unsafe struct StridedLeft<V>(float* data, nint rowStride, nint depthStride) : ILeft where V : struct, ILanes<V>
{
    readonly float* _data = data;

    public void Pack(int row, int rows, int from, int depth, float* to, int stride)
    {
        float* p = _data + row * rowStride + from * depthStride;
        if (depthStride == 1)
        {
            Transpose.Run(p, rowStride, rows, depth, to, stride, stride);
            return;
        }
        for (int k = 0; k < depth; k++, p += depthStride, to += stride) Rows<V>.CopyOver(p, to, stride);      // reads up to stride − rows beyond the matrix
    }
}

/// <summary>right[k, j] = data[k·depthStride + j·columnStride]; one of the strides is 1.</summary>
readonly unsafe struct StridedRight<V>(float* data, nint depthStride, nint columnStride) : IRight where V : struct, ILanes<V>
{
    readonly float* _data = data;

    public void Pack(int column, int columns, int from, int depth, float* to, int width)
    {
        float* p = _data + from * depthStride + column * columnStride;
        if (columnStride != 1)
        {
            for (int j = 0; j < columns; j += width, to += (long)depth * width)
                Transpose.Run(p + j * columnStride, columnStride, Math.Min(width, columns - j), depth, to, width, width);
            return;
        }
        int whole = columns / width * width;
        for (int k = 0; k < depth; k++, p += depthStride)                 // row by row, across the panels: neighbouring memory
        {
            float* row = to + (long)k * width;
            for (int j = 0; j < whole; j += width, row += (long)depth * width)
            {
                V.Load(p + j).Store(row);
                V.Load(p + j + V.Count).Store(row + V.Count);
            }
            if (whole == columns) continue;
            Rows<V>.CopyOver(p + whole, row, columns - whole);
        }
    }
}

/// <summary>A row-major matrix of <paramref name="columns"/> columns.</summary>
readonly unsafe struct DenseResult<V>(float* data, int columns) : IResult where V : struct, ILanes<V>
{
    readonly float* _data = data;

    public float* Address(int row, int column, int width, out nint rowStride)
    {
        rowStride = columns;
        return column + width <= columns ? _data + (long)row * columns + column : null;
    }

    public void Put(int row, int rows, int column, int count, float* tile, int width, bool accumulate)
    {
        for (int r = 0; r < rows; r++) Rows<V>.Put(tile + r * width, _data + (long)(row + r) * columns + column, count, accumulate);
    }
}
