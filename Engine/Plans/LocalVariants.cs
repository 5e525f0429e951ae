using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Variants of one image that differ from it within a rectangle each: covered windows, painted segments.</summary>
public interface ILocalVariants
{
    int Count { get; }

    /// <summary>The rectangle outside of which variant i is the image.</summary>
    (Pixel At, int H, int W) Changed(int i);

    /// <summary>Writes the part of variant i from a place on, [C, h, w]; what lies outside the image is 0.</summary>
    void Paint(int i, Pixel at, int h, int w, Span<float> to);
}

/// <summary>Where results differ from those of the unchanged image: rectangles of one size, one for each variant.</summary>
sealed class Rectangles(int h, int w, Pixel[] at)
{
    public int H => h;
    public int W => w;
    public Pixel[] At => at;

    /// <summary>Those of some of the variants.</summary>
    public Rectangles Part(int first, int count) => new(h, w, at[first..(first + count)]);

    public bool Same(Rectangles other) => h == other.H && w == other.W && at.AsSpan().SequenceEqual(other.At);

    /// <summary>Rectangles of one size that cover these, within a map.</summary>
    public static Rectangles Covering(ReadOnlySpan<(Pixel At, int H, int W)> each, int height, int width)
    {
        int h = 0, w = 0;
        foreach (var one in each) (h, w) = (Math.Max(h, Math.Min(one.H, height)), Math.Max(w, Math.Min(one.W, width)));
        var at = new Pixel[each.Length];
        for (int i = 0; i < at.Length; i++) at[i] = new(Math.Clamp(each[i].At.Y, 0, height - h), Math.Clamp(each[i].At.X, 0, width - w));
        return new(h, w, at);
    }

    /// <summary>The places of a step's result, of a map of this size, whose window meets these.</summary>
    public Rectangles Through(Stencil s, int height, int width)
    {
        if (s.IsPoint) return this;
        int outH = Math.Min(height, (h + s.SpanH - 1 + s.StrideH - 1) / s.StrideH), outW = Math.Min(width, (w + s.SpanW - 1 + s.StrideW - 1) / s.StrideW);
        return new(outH, outW, Array.ConvertAll(at, p => new Pixel(First(p.Y, s.PadH, s.SpanH, s.StrideH, height - outH), First(p.X, s.PadW, s.SpanW, s.StrideW, width - outW))));

        static int First(int place, int pad, int span, int stride, int last)
        {
            int from = pad + place - span + 1;
            return Math.Clamp(from <= 0 ? 0 : (from + stride - 1) / stride, 0, last);
        }
    }

    /// <summary>Rectangles of one size around both.</summary>
    public Rectangles Around(Rectangles other, int height, int width)
    {
        if (Same(other)) return this;
        var both = new (Pixel, int, int)[at.Length];
        for (int i = 0; i < both.Length; i++)
        {
            var (a, b) = (at[i], other.At[i]);
            int y = Math.Min(a.Y, b.Y), x = Math.Min(a.X, b.X);
            both[i] = (new(y, x), Math.Max(a.Y + h, b.Y + other.H) - y, Math.Max(a.X + w, b.X + other.W) - x);
        }
        return Covering(both, height, width);
    }

    /// <summary>Parts of at most this share of each side of a step's map, as near as these allow to where the change of the image lies.</summary>
    public Rectangles Within(double reach, Rectangles change, Node image, Node step)
    {
        int mostH = Math.Min(h, (int)Math.Ceiling(reach * step.H)), mostW = Math.Min(w, (int)Math.Ceiling(reach * step.W));
        if (mostH == h && mostW == w) return this;
        var places = new Pixel[at.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = new(Place(change.At[i].Y + change.H / 2.0, image.H, step.H, at[i].Y, h, mostH), Place(change.At[i].X + change.W / 2.0, image.W, step.W, at[i].X, w, mostW));
        return new(mostH, mostW, places);

        static int Place(double middle, int imageSide, int side, int from, int length, int most) =>
            Math.Clamp((int)Math.Round(middle * side / imageSide - most / 2.0), from, from + length - most);
    }

    /// <summary>What a step reads to compute these: first places, which may lie outside the map, and the size.</summary>
    public (Pixel[] At, int H, int W) Read(Stencil s) =>
        (Array.ConvertAll(at, p => new Pixel(p.Y * s.StrideH - s.PadH, p.X * s.StrideW - s.PadW)), (h - 1) * s.StrideH + s.SpanH, (w - 1) * s.StrideW + s.SpanW);
}
