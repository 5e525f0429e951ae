using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Data;

enum JpegColourSpace { Grey, Rgb, YCbCr, Cmyk, Ycck }

/// <summary>Rows of components to rows of pixels.</summary>
static class JpegColour
{
    // ITU-R BT.601 for full-range samples, times 2¹⁶: 1.402, 1.772, 0.714136286, 0.344136286.
    const int CrToR = 91881, CbToB = 116130, CrToG = 46802, CbToG = 22554, Half = 1 << 15;

    /// <summary>What the markers and the numbers of the components say, read as libjpeg reads them; four components of an Adobe file are inverted ink.</summary>
    public static JpegColourSpace Of(JpegFrame frame, bool jfif, int? adobeTransform) => frame.Components.Count switch
    {
        1 => JpegColourSpace.Grey,
        3 when jfif => JpegColourSpace.YCbCr,
        3 when adobeTransform is { } transform => transform == 0 ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr,
        3 => frame.Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }] ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr,
        _ => adobeTransform is null or 0 ? JpegColourSpace.Cmyk : JpegColourSpace.Ycck,
    };

    /// <summary>r = y + 1.402·(cr − 128), g = y − 0.344·(cb − 128) − 0.714·(cr − 128), b = y + 1.772·(cb − 128), rounded and clipped; interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void YCbCrToRgb(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
    {
        int x = 0;
        if (Vector128.IsHardwareAccelerated)
            for (; x <= y.Length - 16; x += 16)
            {
                Vector128<byte> ys = Vector128.Create(y.Slice(x, 16)), bs = Vector128.Create(cb.Slice(x, 16)), rs = Vector128.Create(cr.Slice(x, 16));
                var (r0, g0, b0) = ToRgb(Vector128.WidenLower(ys), Vector128.WidenLower(bs), Vector128.WidenLower(rs));
                var (r1, g1, b1) = ToRgb(Vector128.WidenUpper(ys), Vector128.WidenUpper(bs), Vector128.WidenUpper(rs));
                Interleave(Narrow(r0, r1), Narrow(g0, g1), Narrow(b0, b1), rgb.Slice(3 * x, 48));
            }
        for (; x < y.Length; x++)
        {
            int b = cb[x] - 128, r = cr[x] - 128;
            rgb[3 * x] = Clip(y[x] + (CrToR * r + Half >> 16));
            rgb[3 * x + 1] = Clip(y[x] + (-CbToG * b - CrToG * r + Half >> 16));
            rgb[3 * x + 2] = Clip(y[x] + (CbToB * b + Half >> 16));
        }
    }

    public static void Interleave(ReadOnlySpan<byte> r, ReadOnlySpan<byte> g, ReadOnlySpan<byte> b, Span<byte> rgb)
    {
        for (int x = 0; x < r.Length; x++) (rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]) = (r[x], g[x], b[x]);
    }

    /// <summary>Cyan, magenta and yellow in <paramref name="rgb"/>, stored as 255 − ink like black, become black − black·ink / 255, rounded. <paramref name="inverted"/>: they are the ink itself.</summary>
    public static void InkToRgb(Span<byte> rgb, ReadOnlySpan<byte> black, bool inverted)
    {
        for (int x = 0; x < black.Length; x++)
            foreach (ref byte v in rgb.Slice(3 * x, 3)) v = (byte)(black[x] - Scale(inverted ? v : 255 - v, black[x]));
    }

    // a·b / 255, rounded.
    static int Scale(int a, int b)
    {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }

    static byte Clip(int v) => (byte)Math.Clamp(v, 0, 255);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<short> R, Vector128<short> G, Vector128<short> B) ToRgb(Vector128<ushort> y, Vector128<ushort> cb, Vector128<ushort> cr)
    {
        Vector256<int> l = Vector256.WidenLower(y.ToVector256Unsafe()).AsInt32(), b = Vector256.WidenLower(cb.ToVector256Unsafe()).AsInt32() - Vector256.Create(128),
            r = Vector256.WidenLower(cr.ToVector256Unsafe()).AsInt32() - Vector256.Create(128), half = Vector256.Create(Half);
        return (Narrow(l + (r * CrToR + half >> 16)), Narrow(l + (half - b * CbToG - r * CrToG >> 16)), Narrow(l + (b * CbToB + half >> 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> Narrow(Vector256<int> v) => Vector128.NarrowWithSaturation(v.GetLower(), v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Narrow(Vector128<short> low, Vector128<short> high)
    {
        // Saturating to unsigned bytes: negative numbers would be large as unsigned ones.
        return Vector128.NarrowWithSaturation(Vector128.Max(low, Vector128<short>.Zero).AsUInt16(), Vector128.Max(high, Vector128<short>.Zero).AsUInt16());
    }

    // Indices of 255 give 0, so that the three can be joined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Interleave(Vector128<byte> r, Vector128<byte> g, Vector128<byte> b, Span<byte> rgb)
    {
        const byte O = 255;
        (Vector128.Shuffle(r, Vector128.Create(0, O, O, 1, O, O, 2, O, O, 3, O, O, 4, O, O, 5)) | Vector128.Shuffle(g, Vector128.Create(O, 0, O, O, 1, O, O, 2, O, O, 3, O, O, 4, O, O))
            | Vector128.Shuffle(b, Vector128.Create(O, O, 0, O, O, 1, O, O, 2, O, O, 3, O, O, 4, O))).CopyTo(rgb);
        (Vector128.Shuffle(r, Vector128.Create(O, O, 6, O, O, 7, O, O, 8, O, O, 9, O, O, 10, O)) | Vector128.Shuffle(g, Vector128.Create(5, O, O, 6, O, O, 7, O, O, 8, O, O, 9, O, O, 10))
            | Vector128.Shuffle(b, Vector128.Create(O, 5, O, O, 6, O, O, 7, O, O, 8, O, O, 9, O, O))).CopyTo(rgb[16..]);
        (Vector128.Shuffle(r, Vector128.Create(O, 11, O, O, 12, O, O, 13, O, O, 14, O, O, 15, O, O)) | Vector128.Shuffle(g, Vector128.Create(O, O, 11, O, O, 12, O, O, 13, O, O, 14, O, O, 15, O))
            | Vector128.Shuffle(b, Vector128.Create(10, O, O, 11, O, O, 12, O, O, 13, O, O, 14, O, O, 15))).CopyTo(rgb[32..]);
    }
}
