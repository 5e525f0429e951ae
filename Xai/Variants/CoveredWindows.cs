using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Images with one window of a sliding window after the other covered by the baselines: [N, C, H, W] both.</summary>
sealed class CoveredWindows(Tensor x, Tensor baseline, OccludeShape s) : Variants, ILocalVariants
{
    readonly float[] _image = x.ToArray(), _baseline = baseline.ToArray();

    public override int Count => s.Positions;

    int Size => s.C * s.H * s.W;

    public override Tensor Images(int first, int count) => x.Device.Compute(x.Shape.With(0, count), batch =>
    {
        for (int done = 0, some; done < count; done += some)
        {
            var (image, position) = Math.DivRem(first + done, s.Positions);
            some = Math.Min(count - done, s.Positions - position);
            long at = (long)image * Size;
            x.Device.Occlude.Paint(x.View.SubView(at, Size), baseline.View.SubView(at, Size), batch.SubView((long)done * Size, (long)some * Size), position, some, s);
        }
    });

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
                int row = image * Size + (c * s.H + y) * s.W;
                Copy(_image, row, 0, s.W, at.X, to[..w]);
                if (y >= covered.Y && y < covered.Y + covered.H) Copy(_baseline, row, covered.X, covered.X + covered.W, at.X, to[..w]);
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
