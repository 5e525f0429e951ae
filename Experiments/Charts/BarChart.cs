namespace IlgpuXai.Experiments;

/// <summary>A mean with its confidence interval.</summary>
public readonly record struct Bar(double Value, double Lower, double Upper);

/// <summary>Bars of several series side by side per category, each with a whisker from Lower to Upper.</summary>
public static class BarChart
{
    const double Width = 760, Height = 340, Left = 70, Right = 16, Top = 44, Bottom = 40;

    /// <param name="bars">bars[series][category].</param>
    public static string Draw(string label, string valueTitle, IReadOnlyList<string> categories, IReadOnlyList<string> series, IReadOnlyList<IReadOnlyList<Bar>> bars)
    {
        var svg = new Svg(Width, Height, label);
        var all = bars.SelectMany(b => b);
        var y = Axis.Over(Math.Min(0, all.Min(b => b.Lower)), Math.Max(0, all.Max(b => b.Upper)), Height - Bottom, Top);
        foreach (var (value, text) in y.Ticks())
        {
            svg.Segment(Left, y.At(value), Width - Right, y.At(value), value == 0 ? Svg.Muted : Svg.Line);
            svg.Text(Left - 8, y.At(value) + 4, text, "end", Svg.Muted, 12);
        }
        svg.Text(18, (Top + Height - Bottom) / 2, valueTitle, "middle", Svg.Muted, 12, turn: -90);
        svg.Legend(Left, 20, series);

        double slot = (Width - Left - Right) / categories.Count, bar = Math.Min(64, slot * 0.72 / series.Count);
        for (int c = 0; c < categories.Count; c++)
        {
            double middle = Left + slot * (c + 0.5);
            svg.Text(middle, Height - Bottom + 22, categories[c], "middle");
            for (int s = 0; s < series.Count; s++)
            {
                var b = bars[s][c];
                double x = middle + (s - series.Count / 2.0) * bar, centre = x + bar / 2;
                svg.Box(x + 2, y.At(0), bar - 4, y.At(b.Value) - y.At(0), Svg.Series(s), title: $"{series[s]}, {categories[c]}: {b.Value:g4} [{b.Lower:g4}, {b.Upper:g4}]", radius: 2);
                svg.Segment(centre, y.At(b.Lower), centre, y.At(b.Upper), Svg.Ink, 1.5);
                svg.Segment(centre - 5, y.At(b.Lower), centre + 5, y.At(b.Lower), Svg.Ink, 1.5);
                svg.Segment(centre - 5, y.At(b.Upper), centre + 5, y.At(b.Upper), Svg.Ink, 1.5);
            }
        }
        return svg.ToString();
    }
}
