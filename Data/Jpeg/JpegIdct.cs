using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Data;

/// <summary>
/// 8×8 inverse DCT in integers: Loeffler, Ligtenberg and Moschytz (1989), 12 multiplications a row, constants of 13 bits, two more bits between columns and rows. These are the
/// steps and roundings of libjpeg's "islow", its default, so the samples are the same to the bit.
/// </summary>
static class JpegIdct
{
    const int ConstantBits = 13, MiddleBits = 2;

    // √2·cos(nπ/16) and sums of such, times 2¹³; F_0_298 is 0.298631336 and so on.
    const int F_0_298 = 2446, F_0_390 = 3196, F_0_541 = 4433, F_0_765 = 6270, F_0_899 = 7373, F_1_175 = 9633, F_1_501 = 12299, F_1_847 = 15137, F_1_961 = 16069, F_2_053 = 16819,
        F_2_562 = 20995, F_3_072 = 25172;

    /// <summary>Coefficients [64] in natural order times their steps, to samples centred at 128, clipped.</summary>
    /// <param name="last">Zigzag place of the last coefficient that may not be zero.</param>
    /// <param name="to">From the block's first sample on; rows <paramref name="stride"/> apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ReadOnlySpan<short> block, ReadOnlySpan<int> steps, int last, Span<byte> to, int stride)
    {
        Span<byte> end = to[(7 * stride)..];
        _ = (block[63], steps[63], end[7]);                          // everything below lies within
        ref byte row = ref MemoryMarshal.GetReference(to);
        if (last == 0)
        {
            ulong mean = (ulong)Math.Clamp(((block[0] * steps[0] + 4) >> 3) + 128, 0, 255) * 0x0101010101010101;
            for (int y = 0; y < 8; y++) Unsafe.WriteUnaligned(ref Unsafe.Add(ref row, y * stride), mean);
            return;
        }
        ref short c = ref MemoryMarshal.GetReference(block);
        ref int q = ref MemoryMarshal.GetReference(steps);
        Vector256<int> r0 = Row(ref c, ref q, 0), r1 = Row(ref c, ref q, 1), r2 = Row(ref c, ref q, 2), r3 = Row(ref c, ref q, 3), r4 = Row(ref c, ref q, 4), r5 = Row(ref c, ref q, 5),
            r6 = Row(ref c, ref q, 6), r7 = Row(ref c, ref q, 7);
        Transform(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits - MiddleBits);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Transform(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits + MiddleBits + 3);
        // Pairs of columns as bytes, then a transpose of pairs: rows y and y + 4 come out in one register.
        Vector128<ushort> c01 = Pair(r0, r1), c23 = Pair(r2, r3), c45 = Pair(r4, r5), c67 = Pair(r6, r7);
        Exchange1(ref c01, ref c23);
        Exchange1(ref c45, ref c67);
        Exchange2(ref c01, ref c45);
        Exchange2(ref c23, ref c67);
        Store(c01, ref row, 0, stride);
        Store(c23, ref row, 1, stride);
        Store(c45, ref row, 2, stride);
        Store(c67, ref row, 3, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Row(ref short block, ref int steps, nuint row) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref block, 8 * row).ToVector256Unsafe()) * Vector256.LoadUnsafe(ref steps, 8 * row);

    /// <summary>The transform down each lane, divided by 2^shift, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transform(ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3, ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6,
        ref Vector256<int> r7, int shift)
    {
        // Even part.
        Vector256<int> z1 = (r2 + r6) * F_0_541, a2 = z1 - r6 * F_1_847, a3 = z1 + r2 * F_0_765, half = Vector256.Create(1 << (shift - 1));
        Vector256<int> a0 = ((r0 + r4) << ConstantBits) + half, a1 = ((r0 - r4) << ConstantBits) + half;
        Vector256<int> e0 = a0 + a3, e3 = a0 - a3, e1 = a1 + a2, e2 = a1 - a2;
        // Odd part.
        Vector256<int> s1 = r7 + r1, s2 = r5 + r3, s3 = r7 + r3, s4 = r5 + r1, s5 = (s3 + s4) * F_1_175;
        Vector256<int> p1 = s1 * -F_0_899, p2 = s2 * -F_2_562, p3 = s5 - s3 * F_1_961, p4 = s5 - s4 * F_0_390;
        Vector256<int> o0 = r7 * F_0_298 + p1 + p3, o1 = r5 * F_2_053 + p2 + p4, o2 = r3 * F_3_072 + p2 + p3, o3 = r1 * F_1_501 + p1 + p4;
        (r0, r7) = (e0 + o3 >> shift, e0 - o3 >> shift);
        (r1, r6) = (e1 + o2 >> shift, e1 - o2 >> shift);
        (r2, r5) = (e2 + o1 >> shift, e2 - o1 >> shift);
        (r3, r4) = (e3 + o0 >> shift, e3 - o0 >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose(ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3, ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6,
        ref Vector256<int> r7)
    {
        // One bit of the row's number changes places with the same bit of the column's, three times.
        Exchange1(ref r0, ref r1);
        Exchange1(ref r2, ref r3);
        Exchange1(ref r4, ref r5);
        Exchange1(ref r6, ref r7);
        Exchange2(ref r0, ref r2);
        Exchange2(ref r1, ref r3);
        Exchange2(ref r4, ref r6);
        Exchange2(ref r5, ref r7);
        Exchange4(ref r0, ref r4);
        Exchange4(ref r1, ref r5);
        Exchange4(ref r2, ref r6);
        Exchange4(ref r3, ref r7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exchange1(ref Vector256<int> a, ref Vector256<int> b)
    {
        Vector256<int> kept = Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0), order = Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6);
        (a, b) = (Vector256.ConditionalSelect(kept, a, Vector256.Shuffle(b, order)), Vector256.ConditionalSelect(kept, Vector256.Shuffle(a, order), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exchange2(ref Vector256<int> a, ref Vector256<int> b)
    {
        Vector256<int> kept = Vector256.Create(-1, -1, 0, 0, -1, -1, 0, 0), order = Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5);
        (a, b) = (Vector256.ConditionalSelect(kept, a, Vector256.Shuffle(b, order)), Vector256.ConditionalSelect(kept, Vector256.Shuffle(a, order), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exchange4(ref Vector256<int> a, ref Vector256<int> b) =>
        (a, b) = (Vector256.Create(a.GetLower(), b.GetLower()), Vector256.Create(a.GetUpper(), b.GetUpper()));

    /// <summary>Two columns of eight, clipped to bytes and centred: left and right byte of each row side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ushort> Pair(Vector256<int> left, Vector256<int> right)
    {
        Vector128<short> l = Vector128.NarrowWithSaturation(left.GetLower(), left.GetUpper()), r = Vector128.NarrowWithSaturation(right.GetLower(), right.GetUpper());
        Vector128<byte> bytes = Vector128.NarrowWithSaturation(l, r).AsByte() ^ Vector128.Create((byte)128);
        return Vector128.Shuffle(bytes, Vector128.Create((byte)0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exchange1(ref Vector128<ushort> a, ref Vector128<ushort> b)
    {
        Vector128<ushort> kept = Vector128.Create(0x0000FFFFu).AsUInt16(), order = Vector128.Create((ushort)1, 0, 3, 2, 5, 4, 7, 6);
        (a, b) = (Vector128.ConditionalSelect(kept, a, Vector128.Shuffle(b, order)), Vector128.ConditionalSelect(kept, Vector128.Shuffle(a, order), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exchange2(ref Vector128<ushort> a, ref Vector128<ushort> b)
    {
        Vector128<ushort> kept = Vector128.Create(0x00000000FFFFFFFFUL).AsUInt16(), order = Vector128.Create((ushort)2, 3, 0, 1, 6, 7, 4, 5);
        (a, b) = (Vector128.ConditionalSelect(kept, a, Vector128.Shuffle(b, order)), Vector128.ConditionalSelect(kept, Vector128.Shuffle(a, order), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector128<ushort> rows, ref byte to, int y, int stride)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, y * stride), rows.AsUInt64().GetElement(0));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, (y + 4) * stride), rows.AsUInt64().GetElement(1));
    }
}
