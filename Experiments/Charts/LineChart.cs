namespace IlgpuXai.Experiments;

/// <summary>One line per series over 1, 2, 3, …; used for the history of a training run.</summary>
static class LineChart
{
    const double Width = 760, Height = 280, Left = 70, Right = 16, Top = 44, Bottom = 54;

    /// <param name="values">values[series][i] belongs to i + 1; NaN leaves a point out.</param>
    public static string Draw(string label, string stepTitle, string valueTitle, IReadOnlyList<string> series, IReadOnlyList<double[]> values)
    {
        var svg = new Svg(Width, Height, label);
        int steps = Math.Max(1, values.Max(v => v.Length));
        double[] all = [.. values.SelectMany(v => v).Where(double.IsFinite)];
        var y = Axis.Over(all.Length == 0 ? 0 : all.Min(), all.Length == 0 ? 1 : all.Max(), Height - Bottom, Top);
        double X(int i) => steps == 1 ? (Left + Width - Right) / 2 : Left + 12 + (Width - Left - Right - 24) * i / (steps - 1);

        foreach (var (value, text) in y.Ticks())
        {
            svg.Segment(Left, y.At(value), Width - Right, y.At(value), Svg.Line);
            svg.Text(Left - 8, y.At(value) + 4, text, "end", Svg.Muted, 12);
        }
        int every = Math.Max(1, (steps + 11) / 12);
        for (int i = 0; i < steps; i += every) svg.Text(X(i), Height - Bottom + 18, $"{i + 1}", "middle", Svg.Muted, 12);
        svg.Text((Left + Width - Right) / 2, Height - 10, stepTitle, "middle", Svg.Muted, 12);
        svg.Text(18, (Top + Height - Bottom) / 2, valueTitle, "middle", Svg.Muted, 12, turn: -90);
        svg.Legend(Left, 20, series);
        for (int s = 0; s < values.Count; s++)
        {
            var points = values[s].Select((v, i) => (X: X(i), Y: y.At(v))).Where(p => double.IsFinite(p.Y)).ToArray();
            if (points.Length > 1) svg.Path(points, Svg.Series(s), 2);
            foreach (var (px, py) in points) svg.Box(px - 3, py - 3, 6, 6, Svg.Series(s), radius: 3);
        }
        return svg.ToString();
    }
}
