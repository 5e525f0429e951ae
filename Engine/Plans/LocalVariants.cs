using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Variants that differ from an image within a rectangle each: covered windows, painted segments. Of several images the rectangles are the same.</summary>
public interface ILocalVariants
{
    /// <summary>Of each image.</summary>
    int Count { get; }

    /// <summary>The rectangle outside of which variant i is the image.</summary>
    Rectangle Changed(int i);

    /// <summary>Writes the part of variant i of an image from a place on, [C, h, w]; what lies outside the image is 0.</summary>
    void Paint(int image, int i, Pixel at, int h, int w, Span<float> to);
}

/// <summary>Rows Y … Y + H − 1 and columns X … X + W − 1 of a map.</summary>
public readonly record struct Rectangle(int Y, int X, int H, int W)
{
    /// <summary>What of it lies in a map of this size, one place at least.</summary>
    internal Rectangle Inside(int height, int width)
    {
        int y = Math.Clamp(Y, 0, height - 1), x = Math.Clamp(X, 0, width - 1);
        return new(y, x, Math.Clamp(Y + H - y, 1, height - y), Math.Clamp(X + W - x, 1, width - x));
    }

    /// <summary>The places of a step's result, of a map of this size, whose window meets it; where strides leap over it, the nearest.</summary>
    internal Rectangle Through(Stencil s, int height, int width)
    {
        if (s.IsPoint) return this;
        var (y, h) = Met(Y, H, s.PadH, s.SpanH, s.StrideH, height);
        var (x, w) = Met(X, W, s.PadW, s.SpanW, s.StrideW, width);
        return new(y, x, h, w);

        static (int First, int Count) Met(int from, int length, int pad, int span, int stride, int side)
        {
            int least = from + pad - span + 1, first = Math.Min(least <= 0 ? 0 : (least + stride - 1) / stride, side - 1);
            return (first, Math.Clamp((from + length - 1 + pad) / stride, first, side - 1) - first + 1);
        }
    }

    internal Rectangle Around(Rectangle other)
    {
        int y = Math.Min(Y, other.Y), x = Math.Min(X, other.X);
        return new(y, x, Math.Max(Y + H, other.Y + other.H) - y, Math.Max(X + W, other.X + other.W) - x);
    }

    /// <summary>A part of at most this share of each side of a step's map, as near as it allows to where the change of the image lies.</summary>
    internal Rectangle Within(double reach, Rectangle change, Node image, Node step)
    {
        var (y, h) = Part(Y, H, step.H, (change.Y + change.H / 2.0) / image.H);
        var (x, w) = Part(X, W, step.W, (change.X + change.W / 2.0) / image.W);
        return new(y, x, h, w);

        (int First, int Count) Part(int from, int length, int side, double middle)
        {
            int most = Math.Min(length, (int)Math.Ceiling(reach * side));
            return (Math.Clamp((int)Math.Round(middle * side - most / 2.0), from, from + length - most), most);
        }
    }
}

/// <summary>Rectangles of one size within a map, one for each of some variants.</summary>
sealed class Rectangles(int h, int w, Pixel[] at)
{
    public int H => h;
    public int W => w;
    public Pixel[] At => at;

    /// <summary>Those that cover these.</summary>
    public static Rectangles Around(Rectangle[] each, int height, int width)
    {
        int h = each.Max(r => r.H), w = each.Max(r => r.W);
        return new(h, w, Array.ConvertAll(each, r => new Pixel(Math.Min(r.Y, height - h), Math.Min(r.X, width - w))));
    }

    /// <summary>Those of count variants from one on; after the last comes the first, of the next image.</summary>
    public Rectangles Part(int first, int count) => new(h, w, [.. Enumerable.Range(first, count).Select(i => at[i % at.Length])]);

    public bool Same(Rectangles other) => h == other.H && w == other.W && at.AsSpan().SequenceEqual(other.At);

    /// <summary>What a step reads to compute these: first places, which may lie outside the map, and the size.</summary>
    public (Pixel[] At, int H, int W) Read(Stencil s) =>
        (Array.ConvertAll(at, p => new Pixel(p.Y * s.StrideH - s.PadH, p.X * s.StrideW - s.PadW)), (h - 1) * s.StrideH + s.SpanH, (w - 1) * s.StrideW + s.SpanW);
}
