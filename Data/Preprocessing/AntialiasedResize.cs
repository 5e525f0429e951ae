using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Data;

/// <summary>
/// Pillow's resize of 8-bit pictures (9.4), the same bytes: a horizontal pass to bytes, then a vertical one, each a sum of bytes times whole weights (<see cref="ResizeWeights"/>),
/// rounded and clipped. Only what a window of the output needs is computed.
/// </summary>
static unsafe class AntialiasedResize
{
    const int Bits = ResizeWeights.FractionBits, Half = 1 << (Bits - 1);

    // Loads and stores of a whole vector may reach this many bytes beyond a row.
    const int Slack = 16;

    /// <param name="from">[h, w, channels], channels being 1 or 3.</param>
    /// <returns>[window.Height, window.Width, channels]</returns>
    public static byte[] Run(ReadOnlySpan<byte> from, int fromWidth, int fromHeight, int channels, int width, int height, ResizeFilter filter, PixelWindow window)
    {
        var down = new ResizeWeights(fromHeight, height, filter, window.Top, window.Height);
        var across = new ResizeWeights(fromWidth, width, filter, window.Left, window.Width);
        int rows = down.End - down.Begin, rowSize = window.Width * channels;
        var middle = new byte[rows * rowSize + Slack];
        var to = new byte[window.Height * rowSize];
        var last = new byte[fromWidth * channels + Slack];
        fixed (byte* source = from, half = middle, result = to, padded = last)
        {
            from.Slice((down.End - 1) * fromWidth * channels, fromWidth * channels).CopyTo(last);
            for (int y = 0; y < rows; y++)
            {
                byte* row = y == rows - 1 ? padded : source + (long)(down.Begin + y) * fromWidth * channels;
                if (channels == 3) Across3(row, half + y * rowSize, across);
                else Across1(row, half + y * rowSize, across);
            }
            for (int y = 0; y < window.Height; y++) Down(half - (long)down.Begin * rowSize, result + y * rowSize, rowSize, down, y);
        }
        return to;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Across3(byte* from, byte* to, ResizeWeights weights)
    {
        fixed (int* values = weights.Values, firsts = weights.First, lengths = weights.Lengths)
            for (int x = 0, count = weights.Count; x < count; x++, to += 3)
            {
                int* w = values + x * weights.Stride, end = w + lengths[x];
                byte* p = from + firsts[x] * 3;
                var sum = Vector128.Create(Half);
                for (; w < end; w++, p += 3) sum += Widen(p) * Vector128.Create(*w);
                // The fourth byte is overwritten by the next pixel, or lies in the slack.
                *(uint*)to = Narrow(sum);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Across1(byte* from, byte* to, ResizeWeights weights)
    {
        fixed (int* values = weights.Values, firsts = weights.First, lengths = weights.Lengths)
            for (int x = 0, count = weights.Count; x < count; x++)
            {
                int* w = values + x * weights.Stride, end = w + lengths[x];
                byte* p = from + firsts[x];
                var sum = Vector128<int>.Zero;
                for (; w < end; w += 4, p += 4) sum += Widen(p) * Vector128.Load(w);
                to[x] = Clip(Vector128.Sum(sum) + Half);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Down(byte* from, byte* to, int rowSize, ResizeWeights weights, int y)
    {
        int length = weights.Lengths[y], step = Vector<byte>.Count, i = 0;
        byte* first = from + (long)weights.First[y] * rowSize;
        fixed (int* w = &weights.Values[y * weights.Stride])
        {
            for (; i <= rowSize - step; i += step)
            {
                Vector<int> a = new(Half), b = a, c = a, d = a;
                byte* p = first + i;
                for (int t = 0; t < length; t++, p += rowSize)
                {
                    var k = new Vector<int>(w[t]);
                    Vector.Widen(*(Vector<byte>*)p, out var low, out var high);
                    Vector.Widen(low, out var p0, out var p1);
                    Vector.Widen(high, out var p2, out var p3);
                    a += p0.As<uint, int>() * k;
                    b += p1.As<uint, int>() * k;
                    c += p2.As<uint, int>() * k;
                    d += p3.As<uint, int>() * k;
                }
                *(Vector<byte>*)(to + i) = Vector.Narrow(Vector.Narrow(Clip(a), Clip(b)), Vector.Narrow(Clip(c), Clip(d)));
            }
            for (; i < rowSize; i++)
            {
                int sum = Half;
                for (int t = 0; t < length; t++) sum += first[t * rowSize + i] * w[t];
                to[i] = Clip(sum);
            }
        }
    }

    static Vector128<int> Widen(byte* p) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)p).AsByte())).AsInt32();

    static uint Narrow(Vector128<int> sum)
    {
        var clipped = Vector128.Min(Vector128.Max(sum >> Bits, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();
        return Vector128.Narrow(Vector128.Narrow(clipped, clipped), Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }

    static Vector<uint> Clip(Vector<int> sum) => Vector.Min(Vector.Max(sum >> Bits, Vector<int>.Zero), new Vector<int>(255)).As<int, uint>();

    static byte Clip(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);
}
