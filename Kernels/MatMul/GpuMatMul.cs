namespace IlgpuXai.Kernels;

/// <summary>Matrix products as tiles; one kernel for each pair of layouts.</summary>
sealed class GpuMatMul(IKernelRunner runner) : IMatMul
{
    readonly TiledProduct<MatrixProduct<Plain, Plain>, MatMulShape> _plain = new(runner);
    readonly TiledProduct<MatrixProduct<Turned, Plain>, MatMulShape> _leftTurned = new(runner);
    readonly TiledProduct<MatrixProduct<Plain, Turned>, MatMulShape> _rightTurned = new(runner);
    readonly TiledProduct<MatrixProduct<Turned, Turned>, MatMulShape> _bothTurned = new(runner);

    public void Multiply(View a, View b, View c, MatMulShape s)
    {
        Check("a", a.Length, s.StrideA, (long)s.M * s.K, s);
        Check("b", b.Length, s.StrideB, (long)s.K * s.N, s);
        Check("c", c.Length, s.StrideC, (long)s.M * s.N, s);
        if (s.TransposeA && s.TransposeB) _bothTurned.Run(a, b, View.Empty, c, s.Batch, s);
        else if (s.TransposeA) _leftTurned.Run(a, b, View.Empty, c, s.Batch, s);
        else if (s.TransposeB) _rightTurned.Run(a, b, View.Empty, c, s.Batch, s);
        else _plain.Run(a, b, View.Empty, c, s.Batch, s);
    }

    static void Check(string name, long length, int stride, long one, MatMulShape s)
    {
        if (length < (s.Batch - 1L) * stride + one) throw new ShapeException($"matmul: {name} has {length} elements, {s.Batch} × [{s.M}, {s.K}]·[{s.K}, {s.N}] needs {(s.Batch - 1L) * stride + one}");
    }
}

public interface ILayout
{
    static abstract bool IsTransposed { get; }
}

public readonly struct Plain : ILayout { public static bool IsTransposed => false; }

public readonly struct Turned : ILayout { public static bool IsTransposed => true; }

/// <summary>c[slice] = op(a[slice]) · op(b[slice]).</summary>
public readonly struct MatrixProduct<TA, TB> : IProduct<MatMulShape> where TA : struct, ILayout where TB : struct, ILayout
{
    public static int Rows(MatMulShape s) => s.M;
    public static int Columns(MatMulShape s) => s.N;
    public static int DepthFrom(int slice, MatMulShape s) => 0;
    public static int DepthEnd(int slice, MatMulShape s) => s.K;
    public static bool LeftRunsAlongDepth => !TA.IsTransposed;
    public static bool RightRunsAlongDepth => TB.IsTransposed;

    public static Place Row(int slice, int row, MatMulShape s) => new(slice * s.StrideA + (TA.IsTransposed ? row : row * s.K));
    public static Place Column(int slice, int column, MatMulShape s) => new(slice * s.StrideB + (TB.IsTransposed ? column * s.K : column));
    public static float Left(View a, Place row, int depth, MatMulShape s) => a[row.Start + (TA.IsTransposed ? depth * s.M : depth)];
    public static float Right(View b, Place column, int depth, MatMulShape s) => b[column.Start + (TB.IsTransposed ? depth : depth * s.N)];

    public static void Store(View c, View bias, int slice, int row, int column, float sum, MatMulShape s) =>
        c[slice * s.StrideC + row * s.N + column] = sum;
}
