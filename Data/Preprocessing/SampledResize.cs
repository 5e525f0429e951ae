namespace IlgpuXai.Data;

/// <summary>
/// A resize that reads as many neighbours however much it reduces, 2×2 (bilinear) or 4×4 (bicubic, a = −3/4), as PyTorch's <c>interpolate</c> with <c>align_corners=False</c> and torchvision's
/// resize of tensors with <c>antialias=False</c> do: float32, halves rounded to even.
/// </summary>
static class SampledResize
{
    public static byte[] Run(ReadOnlySpan<byte> from, int fromWidth, int fromHeight, int channels, int width, int height, ResizeFilter filter, PixelWindow window)
    {
        var across = new Axis(fromWidth, width, filter, window.Left, window.Width);
        var down = new Axis(fromHeight, height, filter, window.Top, window.Height);
        int rowSize = window.Width * channels, taps = across.Taps;
        // Rows of the input, resized horizontally when they are first read.
        var rows = new float[]?[fromHeight];
        var to = new byte[window.Height * rowSize];
        for (int y = 0; y < window.Height; y++)
            for (int i = 0; i < rowSize; i++)
            {
                float sum = 0;
                for (int t = 0; t < taps; t++)
                {
                    int r = down.Index[y * taps + t];
                    rows[r] ??= Row(from.Slice(r * fromWidth * channels, fromWidth * channels), channels, across);
                    sum += rows[r]![i] * down.Weight[y * taps + t];
                }
                to[y * rowSize + i] = (byte)MathF.Round(Math.Clamp(sum, 0, 255));
            }
        return to;
    }

    static float[] Row(ReadOnlySpan<byte> from, int channels, Axis across)
    {
        var row = new float[across.Count * channels];
        for (int x = 0; x < across.Count; x++)
            for (int c = 0; c < channels; c++)
            {
                float sum = 0;
                for (int t = 0; t < across.Taps; t++) sum += from[across.Index[x * across.Taps + t] * channels + c] * across.Weight[x * across.Taps + t];
                row[x * channels + c] = sum;
            }
        return row;
    }

    /// <summary>Where each output of one axis reads, and with what weight; neighbours beyond the picture are its outermost pixels.</summary>
    sealed class Axis
    {
        public Axis(int from, int to, ResizeFilter filter, int start, int count)
        {
            Taps = filter == ResizeFilter.Bilinear ? 2 : 4;
            (Count, Index, Weight) = (count, new int[count * Taps], new float[count * Taps]);
            float scale = (float)from / to;
            for (int i = 0; i < count; i++)
            {
                float at = scale * (start + i + 0.5f) - 0.5f;
                if (filter == ResizeFilter.Bilinear) at = Math.Max(at, 0);
                int floor = (int)MathF.Floor(at);
                for (int t = 0; t < Taps; t++)
                {
                    Index[i * Taps + t] = Math.Clamp(floor + t - (Taps / 2 - 1), 0, from - 1);
                    Weight[i * Taps + t] = Taps == 2 ? Linear(at - floor, t) : Cubic(at - floor, t);
                }
            }
        }

        public int Taps { get; }
        public int Count { get; }
        public int[] Index { get; }
        public float[] Weight { get; }

        static float Linear(float fraction, int tap) => tap == 0 ? 1 - fraction : fraction;

        static float Cubic(float fraction, int tap)
        {
            const float a = -0.75f;
            float x = tap switch { 0 => fraction + 1, 1 => fraction, 2 => 1 - fraction, _ => 2 - fraction };
            return tap is 1 or 2 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
        }
    }
}
