using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>An image with one window of a sliding window after the other covered by the baseline: [1, C, H, W] both.</summary>
sealed class CoveredWindows(Tensor x, Tensor baseline, OccludeShape s) : Variants, ILocalVariants
{
    readonly float[] _image = x.ToArray(), _baseline = baseline.ToArray();

    public override int Count => s.Positions;

    public override Tensor Images(int first, int count) => x.Device.Compute(x.Shape.With(0, count), batch => x.Device.Occlude.Paint(x.View, baseline.View, batch, first, count, s));

    public Rectangle Changed(int i)
    {
        int y = i / s.Columns * s.StrideH, x = i % s.Columns * s.StrideW;
        return new(y, x, Math.Min(s.WindowH, s.H - y), Math.Min(s.WindowW, s.W - x));
    }

    public void Paint(int image, int i, Pixel at, int h, int w, Span<float> to)
    {
        var covered = Changed(i);
        for (int c = 0; c < s.C; c++)
            for (int y = at.Y; y < at.Y + h; y++, to = to[w..])
            {
                if (y < 0 || y >= s.H)
                {
                    to[..w].Clear();
                    continue;
                }
                Copy(_image, (c * s.H + y) * s.W, 0, s.W, at.X, to[..w]);
                if (y >= covered.Y && y < covered.Y + covered.H) Copy(_baseline, (c * s.H + y) * s.W, covered.X, covered.X + covered.W, at.X, to[..w]);
            }
    }

    // Columns first … last − 1 of a row to where they lie in a part from column left on; the image's own columns clear what is beside them.
    void Copy(float[] from, int row, int first, int last, int left, Span<float> to)
    {
        int begin = Math.Clamp(first - left, 0, to.Length), end = Math.Clamp(last - left, begin, to.Length);
        if (first == 0 && last == s.W && ReferenceEquals(from, _image))
        {
            to[..begin].Clear();
            to[end..].Clear();
        }
        if (begin < end) from.AsSpan(row + left + begin, end - begin).CopyTo(to[begin..]);
    }
}
