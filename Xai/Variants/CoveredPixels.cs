using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>An image with the baseline in the place of some pixels: of every pixel a key is known, and each variant covers a range of keys.</summary>
/// <remarks>Segments: the key is the segment, a range is one of them. The n first pixels of an order: the key is the rank, the range 0 … n.</remarks>
sealed class CoveredPixels : MaskedVariants, ILocalVariants
{
    readonly float[] _image, _baseline;
    readonly int[] _keys;
    readonly Range[] _covered;
    readonly Rectangle[] _changed;
    readonly int _channels;

    /// <param name="keys">[H, W], from 0.</param>
    /// <param name="covered">Keys of each variant.</param>
    public CoveredPixels(Tensor x, Tensor baseline, int[] keys, Range[] covered) : base(x, baseline)
    {
        (_image, _baseline, _keys, _covered, _channels) = (x.ToArray(), baseline.ToArray(), keys, covered, x.Shape[1]);
        _changed = Array.ConvertAll(covered, Around);
    }

    public override int Count => _covered.Length;

    public Rectangle Changed(int i) => _changed[i];

    protected override void Paint(int variant, Span<float> mask)
    {
        for (int p = 0; p < mask.Length; p++) mask[p] = Covers(variant, p) ? 0 : 1;
    }

    public void Paint(int image, int i, Pixel at, int h, int w, Span<float> to)
    {
        to.Clear();
        int top = Math.Max(at.Y, 0), bottom = Math.Min(at.Y + h, Height), left = Math.Max(at.X, 0), right = Math.Min(at.X + w, Width);
        for (int c = 0, plane = Height * Width; c < _channels; c++)
            for (int y = top; y < bottom; y++)
                for (int x = left; x < right; x++)
                {
                    int p = y * Width + x;
                    to[(c * h + y - at.Y) * w + x - at.X] = (Covers(i, p) ? _baseline : _image)[c * plane + p];
                }
    }

    bool Covers(int variant, int pixel) => _keys[pixel] >= _covered[variant].Start.Value && _keys[pixel] < _covered[variant].End.Value;

    // The least rectangle around the covered pixels; one pixel where there are none.
    Rectangle Around(Range keys)
    {
        int top = Height, left = Width, bottom = -1, right = -1;
        for (int p = 0; p < _keys.Length; p++)
        {
            if (_keys[p] < keys.Start.Value || _keys[p] >= keys.End.Value) continue;
            var (y, x) = (p / Width, p % Width);
            (top, bottom, left, right) = (Math.Min(top, y), Math.Max(bottom, y), Math.Min(left, x), Math.Max(right, x));
        }
        return bottom < 0 ? new(0, 0, 1, 1) : new(top, left, bottom - top + 1, right - left + 1);
    }
}
