using IlgpuXai.Data;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>Pictures inside the page: PNG as data URLs at one pixel per value, enlarged by the reader's browser without smoothing.</summary>
static class Pictures
{
    public const double Alpha = 0.9;

    public static string DataUrl(Picture picture) => $"data:image/png;base64,{Convert.ToBase64String(PngFile.Encode(picture.ToImage()))}";

    public static Picture Of(float[] pixels, DataOutcome data) => Render.Image(pixels, pixels.Length / (data.Height * data.Width), data.Height, data.Width);

    /// <summary>A map with the borders of the regions and their names beside it, as SVG.</summary>
    /// <param name="size">Side of the picture in the drawing, pixels.</param>
    public static string WithRegions(Picture picture, string description, IReadOnlyList<Region> regions, double size, string title)
    {
        const double names = 62, head = 24;
        double scale = size / picture.Height;
        string borders = string.Concat(regions.Skip(1).Select(r => $"<line x1=\"0\" x2=\"{F(size)}\" y1=\"{F(head + r.FromRow * scale)}\" y2=\"{F(head + r.FromRow * scale)}\" stroke=\"#000\" stroke-width=\"1.2\" stroke-dasharray=\"4 3\"/>"));
        string labels = string.Concat(regions.Select(r =>
            $"<text x=\"{F(size + 8)}\" y=\"{F(head + (r.FromRow + r.ToRow + 1) / 2.0 * scale + 4)}\" font-size=\"12\" fill=\"{Svg.Muted}\">{Html.Escape(r.Name)}</text>"));
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {F(size + names)} {F(size + head)}\" width=\"{F(size + names)}\" height=\"{F(size + head)}\" role=\"img\" aria-label=\"{Html.Escape(description)}\">" +
               $"<text x=\"0\" y=\"14\" font-size=\"13\" fill=\"{Svg.Ink}\">{Html.Escape(title)}</text>" +
               $"<image x=\"0\" y=\"{F(head)}\" width=\"{F(size)}\" height=\"{F(size)}\" href=\"{DataUrl(picture)}\" style=\"image-rendering:pixelated\"/>" +
               $"<rect x=\"0\" y=\"{F(head)}\" width=\"{F(size)}\" height=\"{F(size)}\" fill=\"none\" stroke=\"{Svg.Line}\"/>{borders}{labels}</svg>";
    }

    /// <summary>What the colours stand for: a strip of the colour map with the values of its ends and middle.</summary>
    public static string ColourBar(ColourMap colours, ColourScale scale, string unit)
    {
        const int steps = 64;
        const double width = 320, height = 12;
        var strip = new Picture(steps, 1);
        for (int i = 0; i < steps; i++) strip[i, 0] = colours[i / (steps - 1.0)];
        (double X, double Value, string Anchor)[] marks = [(0, scale.Low, "start"), (width / 2, (scale.Low + scale.High) / 2, "middle"), (width, scale.High, "end")];
        string labels = string.Concat(marks.Select(m => $"<text x=\"{F(m.X)}\" y=\"{F(height + 16)}\" text-anchor=\"{m.Anchor}\" font-size=\"12\" fill=\"{Svg.Muted}\">{Numbers.Short(m.Value)}</text>"));
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {F(width + 210)} {F(height + 20)}\" width=\"{F(width + 210)}\" height=\"{F(height + 20)}\" role=\"img\" aria-label=\"colour scale of the maps\">" +
               $"<image width=\"{F(width)}\" height=\"{F(height)}\" preserveAspectRatio=\"none\" href=\"{DataUrl(strip)}\"/>{labels}" +
               $"<text x=\"{F(width + 12)}\" y=\"11\" font-size=\"12\" fill=\"{Svg.Muted}\">{Html.Escape(unit)}</text></svg>";
    }

    static string F(double v) => v.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
}
