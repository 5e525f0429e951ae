using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>Turns rows into columns: what packing an operand against its storage order needs.</summary>
static unsafe class Transpose
{
    /// <summary>to[c·toStride + r] = from[r·fromStride + c] for r below rows, c below columns, and 0 for r from rows to <paramref name="width"/>.</summary>
    /// <remarks>rows ≤ width ≤ toStride.</remarks>
    public static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride, int width)
    {
        int r = 0;
        if (Avx512F.IsSupported)
            for (; r + 16 <= width; r += 16) Strip16(from + r * fromStride, fromStride, Math.Clamp(rows - r, 0, 16), columns, to + r, toStride);
        if (Avx.IsSupported)
            for (; r + 8 <= width; r += 8) Strip8(from + r * fromStride, fromStride, Math.Clamp(rows - r, 0, 8), columns, to + r, toStride);
        for (; r < width; r++)
            for (int c = 0; c < columns; c++) to[c * toStride + r] = r < rows ? from[r * fromStride + c] : 0f;
    }

    // The last block of a strip lies over the one before it: the same values are written twice, and nothing is left over.
    static void Strip16(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        if (columns < 16)
        {
            Strip8(from, fromStride, Math.Min(rows, 8), columns, to, toStride);
            Strip8(from + 8 * fromStride, fromStride, Math.Max(rows - 8, 0), columns, to + 8, toStride);
            return;
        }
        for (int c = 0; c + 16 < columns; c += 16) Block16(from + c, fromStride, rows, to + c * toStride, toStride);
        Block16(from + columns - 16, fromStride, rows, to + (columns - 16) * toStride, toStride);
    }

    static void Strip8(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        if (columns < 8)
        {
            for (int c = 0; c < columns; c++)
                for (int r = 0; r < 8; r++) to[c * toStride + r] = r < rows ? from[r * fromStride + c] : 0f;
            return;
        }
        for (int c = 0; c + 8 < columns; c += 8) Block8(from + c, fromStride, rows, to + c * toStride, toStride);
        Block8(from + columns - 8, fromStride, rows, to + (columns - 8) * toStride, toStride);
    }

    // Pairs of floats are interleaved, then pairs of pairs, then quarters of registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Block16(float* from, nint stride, int rows, float* to, nint toStride)
    {
        Vector512<float> Row(int r) => r < rows ? Vector512.Load(from + r * stride) : Vector512<float>.Zero;
        Quad(Row(0), Row(1), Row(2), Row(3), out var a0, out var a1, out var a2, out var a3);
        Quad(Row(4), Row(5), Row(6), Row(7), out var b0, out var b1, out var b2, out var b3);
        Quad(Row(8), Row(9), Row(10), Row(11), out var c0, out var c1, out var c2, out var c3);
        Quad(Row(12), Row(13), Row(14), Row(15), out var d0, out var d1, out var d2, out var d3);
        Quarters(a0, b0, c0, d0, to, toStride, 0);
        Quarters(a1, b1, c1, d1, to, toStride, 1);
        Quarters(a2, b2, c2, d2, to, toStride, 2);
        Quarters(a3, b3, c3, d3, to, toStride, 3);
    }

    // 4×4 transposes inside each 128-bit quarter: result i holds, in quarter q, column 4q + i of the four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quad(Vector512<float> r0, Vector512<float> r1, Vector512<float> r2, Vector512<float> r3,
        out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        var lo01 = Avx512F.UnpackLow(r0, r1).AsDouble();
        var hi01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        var lo23 = Avx512F.UnpackLow(r2, r3).AsDouble();
        var hi23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        q0 = Avx512F.UnpackLow(lo01, lo23).AsSingle();
        q1 = Avx512F.UnpackHigh(lo01, lo23).AsSingle();
        q2 = Avx512F.UnpackLow(hi01, hi23).AsSingle();
        q3 = Avx512F.UnpackHigh(hi01, hi23).AsSingle();
    }

    // a, b, c, d hold rows 0–3, 4–7, 8–11, 12–15 of columns i, 4 + i, 8 + i, 12 + i: a 4×4 transpose of quarters.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, nint stride, int i)
    {
        var ab02 = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00);
        var ab13 = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
        var cd02 = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00);
        var cd13 = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
        Avx512F.Shuffle4x128(ab02, cd02, 0b10_00_10_00).Store(to + i * stride);
        Avx512F.Shuffle4x128(ab13, cd13, 0b10_00_10_00).Store(to + (4 + i) * stride);
        Avx512F.Shuffle4x128(ab02, cd02, 0b11_01_11_01).Store(to + (8 + i) * stride);
        Avx512F.Shuffle4x128(ab13, cd13, 0b11_01_11_01).Store(to + (12 + i) * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Block8(float* from, nint stride, int rows, float* to, nint toStride)
    {
        Vector256<float> Row(int r) => r < rows ? Vector256.Load(from + r * stride) : Vector256<float>.Zero;
        Quad(Row(0), Row(1), Row(2), Row(3), out var a0, out var a1, out var a2, out var a3);
        Quad(Row(4), Row(5), Row(6), Row(7), out var b0, out var b1, out var b2, out var b3);
        Halves(a0, b0, to, toStride, 0);
        Halves(a1, b1, to, toStride, 1);
        Halves(a2, b2, to, toStride, 2);
        Halves(a3, b3, to, toStride, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quad(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        out Vector256<float> q0, out Vector256<float> q1, out Vector256<float> q2, out Vector256<float> q3)
    {
        var lo01 = Avx.UnpackLow(r0, r1).AsDouble();
        var hi01 = Avx.UnpackHigh(r0, r1).AsDouble();
        var lo23 = Avx.UnpackLow(r2, r3).AsDouble();
        var hi23 = Avx.UnpackHigh(r2, r3).AsDouble();
        q0 = Avx.UnpackLow(lo01, lo23).AsSingle();
        q1 = Avx.UnpackHigh(lo01, lo23).AsSingle();
        q2 = Avx.UnpackLow(hi01, hi23).AsSingle();
        q3 = Avx.UnpackHigh(hi01, hi23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Halves(Vector256<float> a, Vector256<float> b, float* to, nint stride, int i)
    {
        Avx.Permute2x128(a, b, 0x20).Store(to + i * stride);
        Avx.Permute2x128(a, b, 0x31).Store(to + (4 + i) * stride);
    }
}
