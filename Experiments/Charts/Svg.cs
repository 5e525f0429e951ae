using System.Globalization;
using System.Net;
using System.Text;

namespace IlgpuXai.Experiments;

/// <summary>Writes one SVG drawing, coordinates in pixels from the top left. Colours are CSS values, so a page's own variables decide between light and dark.</summary>
sealed class Svg
{
    // Fallbacks stand for a drawing opened alone, outside a page that defines the variables.
    public const string Ink = "var(--ink, #1b1f24)", Muted = "var(--muted, #59636e)", Line = "var(--line, #d1d9e0)", Paper = "var(--paper, #ffffff)";

    readonly StringBuilder _body = new();
    readonly double _width, _height;
    readonly string _label;

    /// <param name="label">What the drawing shows, in one sentence, for readers who cannot see it.</param>
    public Svg(double width, double height, string label) => (_width, _height, _label) = (width, height, label);

    /// <summary>The colour of the i-th series: Okabe and Ito's palette, told apart by colour-blind readers.</summary>
    public static string Series(int i) => (i % 4) switch
    {
        0 => "var(--series-a, #0072b2)",
        1 => "var(--series-b, #d55e00)",
        2 => "var(--series-c, #009e73)",
        _ => "var(--series-d, #cc79a7)",
    };

    public void Segment(double x1, double y1, double x2, double y2, string colour, double width = 1, string? dash = null) =>
        _body.Append($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" stroke=\"{colour}\" stroke-width=\"{N(width)}\"{Optional("stroke-dasharray", dash)}/>\n");

    /// <summary>A filled rectangle; a negative height grows upwards. The title is shown when the pointer rests on it.</summary>
    public void Box(double x, double y, double width, double height, string colour, double opacity = 1, string? title = null, double radius = 0)
    {
        if (height < 0) (y, height) = (y + height, -height);
        string round = radius > 0 ? $" rx=\"{N(radius)}\"" : "", faint = opacity < 1 ? $" fill-opacity=\"{N(opacity)}\"" : "";
        string open = $"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{colour}\"{faint}{round}";
        _body.Append(title is null ? $"{open}/>\n" : $"{open}><title>{Escape(title)}</title></rect>\n");
    }

    public void Path(IEnumerable<(double X, double Y)> points, string colour, double width)
    {
        string line = string.Join(' ', points.Select((p, i) => $"{(i == 0 ? 'M' : 'L')}{N(p.X)} {N(p.Y)}"));
        _body.Append($"<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{N(width)}\" stroke-linejoin=\"round\"/>\n");
    }

    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>: which part of the text stands at x.</param>
    public void Text(double x, double y, string text, string anchor = "start", string colour = Ink, double size = 13, bool bold = false, double turn = 0)
    {
        string rotate = turn != 0 ? $" transform=\"rotate({N(turn)} {N(x)} {N(y)})\"" : "", weight = bold ? " font-weight=\"600\"" : "";
        _body.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-size=\"{N(size)}\"{weight}{rotate}>{Escape(text)}</text>\n");
    }

    /// <summary>A square of each series' colour with its name, in one line from x on.</summary>
    public void Legend(double x, double y, IEnumerable<string> names)
    {
        int i = 0;
        foreach (string name in names)
        {
            Box(x, y - 10, 12, 12, Series(i++), radius: 2);
            Text(x + 18, y, name);
            x += 18 + name.Length * 7.4 + 24;
        }
    }

    public override string ToString() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(_width)} {N(_height)}\" width=\"{N(_width)}\" height=\"{N(_height)}\" role=\"img\" aria-label=\"{Escape(_label)}\" " +
        $"font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif\">\n{_body}</svg>\n";

    static string Optional(string name, string? value) => value is null ? "" : $" {name}=\"{value}\"";
    static string Escape(string text) => WebUtility.HtmlEncode(text);
    static string N(double v) => v.ToString("0.##", CultureInfo.InvariantCulture);
}
