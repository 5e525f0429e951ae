using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>3×3 convolutions of stride 1 with 2.25 times fewer multiplications: Winograd's minimal filtering F(2×2, 3×3).</summary>
/// <remarks>
/// Lavin and Gray 2016, arXiv:1509.09308: y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A per 4×4 input square d and 2×2 output tile, summed over channels
/// between the transforms: 16 matrix products [K × C]·[C × tiles]. Its error is that of the direct sum (all constants are 0, ±1, ±½).
/// An infinity or NaN reaches every output of the tiles whose squares contain it, up to one pixel further than in the definition.
/// The choice depends on channels and image size alone, never on the batch: an image gives the same bits in any company.
/// </remarks>
static unsafe class Winograd<V> where V : struct, ILanes<V>
{
    const int Points = 16;                            // of the transformed 4×4 square
    const int MaxPadding = 4;                         // rows are read from that far before their first pixel

    static int Width => 2 * V.Count;

    public static bool Serves(Conv2dShape s, int padH, int padW, int outH, int outW) =>
        s is { R: 3, S: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1 } && padH is >= 0 and <= MaxPadding && padW is >= 0 and <= MaxPadding && s.CG >= 16 && s.KG >= 16 && outH >= 8 && outW >= 8;

    public static void Forward(View x, View w, View bias, View y, Conv2dShape s, Team team, Device device)
    {
        for (int g = 0; g < s.Groups; g++)
            Run(x, (s.N, s.C, s.H, s.W), g * s.CG, s.CG, s.PadH, s.PadW, new(w.Data + (long)g * s.KG * s.CRS, s.CRS, 9, false),
                bias.Length == 0 ? null : bias.Data + g * s.KG, new(y.Data + (long)g * s.KG * s.PQ, s.KG, s.P, s.Q, (long)s.K * s.PQ), team, device);
    }

    /// <summary>dx is the convolution of dy, padded by 2 − Pad, with the flipped kernels, channels exchanged.</summary>
    public static void BackwardInput(View dy, View w, View dx, Conv2dShape s, Team team, Device device)
    {
        for (int g = 0; g < s.Groups; g++)
            Run(dy, (s.N, s.K, s.P, s.Q), g * s.KG, s.KG, 2 - s.PadH, 2 - s.PadW, new(w.Data + (long)g * s.KG * s.CRS, 9, s.CRS, true),
                null, new(dx.Data + (long)g * s.CG * s.H * s.W, s.CG, s.H, s.W, (long)s.C * s.H * s.W), team, device);
    }

    /// <summary>3×3 kernels by (output row, input channel).</summary>
    readonly struct Kernels(float* data, nint rowStride, nint channelStride, bool flipped)
    {
        public readonly float* Data = data;
        public readonly nint RowStride = rowStride, ChannelStride = channelStride;
        public readonly bool Flipped = flipped;
    }

    readonly struct Target(float* data, int rows, int height, int width, long imageStride)
    {
        public readonly float* Data = data;
        public readonly int Rows = rows, Height = height, Width = width;
        public readonly long ImageStride = imageStride;
    }

    static void Run(View input, (int N, int C, int H, int W) size, int firstChannel, int channels, int padH, int padW, Kernels kernels, float* bias, Target to, Team team, Device device)
    {
        var planes = new TilePlanes<V>(size.H, size.W, padH, padW, to.Height, to.Width);
        int panelsPerImage = (planes.Positions + Width - 1) / Width, panels = size.N * panelsPerImage, strips = (to.Rows + V.MaxRows - 1) / V.MaxRows;
        int chunk = Math.Clamp(Math.Min(512 / channels, panels / team.Size), 1, 8);
        long stripFloats = (long)Points * channels * V.RowStride, panelFloats = (long)Points * channels * Width;
        int sumsFloats = Points * V.MaxRows * Width;

        using var splitted = device.Allocate<float>((long)size.N * channels * planes.ChannelFloats);
        using var transformed = device.Allocate<float>(strips * stripFloats);
        using var buffers = device.Allocate<float>(team.Size * (chunk * panelFloats + sumsFloats));
        float* x = input.Data, phases = splitted.View.Data, u = transformed.View.Data, own = buffers.View.Data;
        int split = 0, packed = 0, taken = 0;
        team.Run(_ =>
        {
            for (int s; (s = Interlocked.Increment(ref packed) - 1) < strips;)
            {
                int row = to.Rows * s / strips;
                TransformKernels(kernels, row, to.Rows * (s + 1) / strips - row, channels, u + s * stripFloats);
            }
            for (int i; (i = Interlocked.Increment(ref split) - 1) < size.N * channels;)
                planes.Split(x + ((long)(i / channels) * size.C + firstChannel + i % channels) * size.H * size.W, phases + (long)i * planes.ChannelFloats);
        });
        team.Run(thread =>
        {
            float* v = own + thread * (chunk * panelFloats + sumsFloats), sums = v + chunk * panelFloats;
            float* pixels = stackalloc float[4 * Width];
            for (int first; (first = (Interlocked.Increment(ref taken) - 1) * chunk) < panels;)
            {
                int last = Math.Min(first + chunk, panels);
                for (int p = first; p < last; p++)
                {
                    float* image = phases + (long)(p / panelsPerImage) * channels * planes.ChannelFloats;
                    for (int c = 0; c < channels; c++)
                        for (int lane = 0; lane < Width; lane += V.Count)
                            planes.TransformSquares(image + (long)c * planes.ChannelFloats + p % panelsPerImage * Width + lane, v + (p - first) * panelFloats + (long)c * Width + lane, (nint)channels * Width);
                }
                for (int s = 0; s < strips; s++)
                {
                    int row = to.Rows * s / strips, rows = to.Rows * (s + 1) / strips - row;
                    var tile = TileTable<V>.WithRows(rows);
                    for (int p = first; p < last; p++)
                    {
                        float* a = u + s * stripFloats, b = v + (p - first) * panelFloats;
                        float* image = to.Data + p / panelsPerImage * to.ImageStride;
                        for (int i = 0; i < Points; i++)
                            tile(channels, a + (long)i * channels * V.RowStride, b + (long)i * channels * Width, sums + i * rows * Width, Width, null, false);
                        for (int r = 0; r < rows; r++)
                        {
                            TransformSums(sums + r * Width, rows * Width, bias == null ? 0f : bias[row + r], pixels);
                            planes.Scatter(pixels, p % panelsPerImage * Width, image + (long)(row + r) * to.Height * to.Width);
                        }
                    }
                }
            }
        });
    }

    // to[point][channel][row lane] ← G w Gᵀ for the rows of one strip.
    [SkipLocalsInit]
    static void TransformKernels(Kernels k, int row, int rows, int channels, float* to)
    {
        float* taps = stackalloc float[9 * V.RowStride];
        var half = V.Broadcast(0.5f);
        for (int c = 0; c < channels; c++)
        {
            Transpose.Run(k.Data + row * k.RowStride + c * k.ChannelStride, k.RowStride, rows, 9, taps, V.RowStride, V.RowStride);
            for (int lane = 0; lane < V.RowStride; lane += V.Count)
            {
                V W(int i) => V.Load(taps + (k.Flipped ? 8 - i : i) * V.RowStride + lane);
                V zero = default;
                for (int i = 0; i < 4; i++)
                {
                    V g0 = Mix(i, W(0), W(3), W(6)), g1 = Mix(i, W(1), W(4), W(7)), g2 = Mix(i, W(2), W(5), W(8));
                    for (int j = 0; j < 4; j++) Mix(j, g0, g1, g2).Store(to + ((long)(i * 4 + j) * channels + c) * V.RowStride + lane);
                }
                // Row i of G: (1, 0, 0), (½, ½, ½), (½, −½, ½), (0, 0, 1).
                V Mix(int i, V a, V b, V d) => i switch
                {
                    0 => a,
                    1 => V.MultiplyAdd(half, a + d + b, zero),
                    2 => V.MultiplyAdd(half, a + d - b, zero),
                    _ => d,
                };
            }
        }
    }

    // Aᵀ m A + bias of the sums m[point], step apart: pixels[0 …] ← the upper pixel rows of the panel's tiles, pixels[2·Width …] ← the lower.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TransformSums(float* m, nint step, float bias, float* pixels)
    {
        for (int lane = 0; lane < Width; lane += V.Count)
        {
            HalfPanel(m + lane, step, bias, out var u0, out var u1, out var l0, out var l1);
            u0.Store(pixels + 2 * lane);
            u1.Store(pixels + 2 * lane + V.Count);
            l0.Store(pixels + 2 * Width + 2 * lane);
            l1.Store(pixels + 2 * Width + 2 * lane + V.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void HalfPanel(float* m, nint step, float bias, out V upperLow, out V upperHigh, out V lowerLow, out V lowerHigh)
    {
        Column(m, step, out var u0, out var l0);
        Column(m + step, step, out var u1, out var l1);
        Column(m + 2 * step, step, out var u2, out var l2);
        Column(m + 3 * step, step, out var u3, out var l3);
        var b = V.Broadcast(bias);
        V.Interleave(u0 + u1 + u2 + b, u1 - u2 - u3 + b, out upperLow, out upperHigh);
        V.Interleave(l0 + l1 + l2 + b, l1 - l2 - l3 + b, out lowerLow, out lowerHigh);
    }

    // One column of Aᵀ m, points 4 apart: Aᵀ = (1 1 1 0; 0 1 −1 −1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column(float* m, nint step, out V upper, out V lower)
    {
        V m0 = V.Load(m), m1 = V.Load(m + 4 * step), m2 = V.Load(m + 8 * step), m3 = V.Load(m + 12 * step);
        upper = m0 + m1 + m2;
        lower = m1 - m2 - m3;
    }
}
