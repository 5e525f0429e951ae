namespace IlgpuXai.Experiments;

/// <summary>How often scores fall into bins of equal width, the series over each other; a dashed line at each mean.</summary>
static class Histogram
{
    const double Width = 760, Height = 300, Left = 70, Right = 16, Top = 44, Bottom = 54;
    const int FewestBins = 8, MostBins = 40;

    public static string Draw(string label, string valueTitle, IReadOnlyList<string> series, IReadOnlyList<double[]> values)
    {
        var svg = new Svg(Width, Height, label);
        double low = values.Min(v => v.Min()), high = values.Max(v => v.Max());
        if (high <= low) high = low + Math.Max(1e-6, Math.Abs(low));
        int bins = Bins([.. values.SelectMany(v => v)], low, high);
        var counts = values.Select(v => Count(v, low, high, bins)).ToArray();
        var x = Axis.Over(low, high, Left, Width - Right, 8);
        var y = Axis.Over(0, counts.Max(c => c.Max()), Height - Bottom, Top, 4);

        foreach (var (value, text) in y.Ticks().Where(t => t.Value == Math.Round(t.Value)))
        {
            svg.Segment(Left, y.At(value), Width - Right, y.At(value), value == 0 ? Svg.Muted : Svg.Line);
            svg.Text(Left - 8, y.At(value) + 4, text, "end", Svg.Muted, 12);
        }
        foreach (var (value, text) in x.Ticks()) svg.Text(x.At(value), Height - Bottom + 18, text, "middle", Svg.Muted, 12);
        svg.Text((Left + Width - Right) / 2, Height - 10, valueTitle, "middle", Svg.Muted, 12);
        svg.Text(18, (Top + Height - Bottom) / 2, "images", "middle", Svg.Muted, 12, turn: -90);
        svg.Legend(Left, 20, series);

        double step = (high - low) / bins;
        for (int s = 0; s < values.Count; s++)
            for (int b = 0; b < bins; b++)
                if (counts[s][b] > 0)
                    svg.Box(x.At(low + b * step) + 0.5, y.At(0), x.At(low + (b + 1) * step) - x.At(low + b * step) - 1, y.At(counts[s][b]) - y.At(0), Svg.Series(s), 0.55,
                        $"{series[s]}: {counts[s][b]} between {low + b * step:g3} and {low + (b + 1) * step:g3}");
        for (int s = 0; s < values.Count; s++)
            svg.Segment(x.At(values[s].Average()), Top, x.At(values[s].Average()), Height - Bottom, Svg.Series(s), 2, "5 4");
        return svg.ToString();
    }

    // Freedman and Diaconis, 1981: width 2·IQR/∛n.
    static int Bins(double[] all, double low, double high)
    {
        Array.Sort(all);
        double spread = all[all.Length * 3 / 4] - all[all.Length / 4], width = 2 * spread / Math.Cbrt(all.Length);
        return width > 0 ? (int)Math.Clamp(Math.Ceiling((high - low) / width), FewestBins, MostBins) : FewestBins;
    }

    static int[] Count(double[] values, double low, double high, int bins)
    {
        var counts = new int[bins];
        foreach (double v in values) counts[Math.Min((int)((v - low) / (high - low) * bins), bins - 1)]++;
        return counts;
    }
}
