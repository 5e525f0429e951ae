namespace IlgpuXai.Experiments;

/// <summary>A straight scale from values to pixels with ticks at 1, 2 or 5 times a power of ten.</summary>
sealed class Axis
{
    readonly double _low, _high, _from, _to;

    Axis(double low, double high, double step, double from, double to) => (_low, _high, Step, _from, _to) = (low, high, step, from, to);

    public double Step { get; }

    /// <summary>Covers low … high, widened to whole steps; about <paramref name="ticks"/> of them. Pixel <paramref name="from"/> stands for low.</summary>
    public static Axis Over(double low, double high, double from, double to, int ticks = 5)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high)) (low, high) = (0, 1);
        if (high <= low) (low, high) = low == 0 ? (0, 1) : (Math.Min(low, 0), Math.Max(low, 0));
        double step = NiceStep((high - low) / ticks);
        return new(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, step, from, to);
    }

    public double At(double value) => _from + (value - _low) / (_high - _low) * (_to - _from);

    public IEnumerable<(double Value, string Label)> Ticks()
    {
        int decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(Step) + 1e-9));
        int count = (int)Math.Round((_high - _low) / Step);
        for (int i = 0; i <= count; i++)
        {
            double value = _low + i * Step;
            if (Math.Abs(value) < Step / 1e6) value = 0;
            yield return (value, value.ToString($"F{decimals}").Replace('-', '−'));
        }
    }

    static double NiceStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw))), lead = raw / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
