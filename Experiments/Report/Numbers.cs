using System.Globalization;

namespace IlgpuXai.Experiments;

/// <summary>Numbers as a reader expects them in print. Nothing here is computed with again.</summary>
public static class Numbers
{
    /// <summary>Three significant digits, without an exponent where the number is of everyday size: 12.3, 0.0456, −1.20.</summary>
    public static string Short(double v) => Signed(v, 3);

    /// <summary>Four significant digits.</summary>
    public static string Long(double v) => Signed(v, 4);

    /// <summary><c>0.032</c>, or <c>2.1 × 10⁻²⁵</c> below a thousandth.</summary>
    public static string P(double p) =>
        double.IsNaN(p) ? "undefined" : p == 0 ? "<\u00A010⁻³⁰⁰" : p >= 0.001 ? p.ToString("0.000", CultureInfo.InvariantCulture) : Power(p, 1);

    public static string PEquals(double p) => P(p) is var text && text.StartsWith('<') ? $"p\u00A0{text}" : $"p\u00A0=\u00A0{text}";

    public static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "\u00A0%";

    public static string Count(long n) => n.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan t) =>
        t.TotalSeconds < 10 ? $"{t.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : t.TotalMinutes < 2 ? $"{t.TotalSeconds:0} s" : $"{(int)t.TotalMinutes} min {t.Seconds} s";

    static string Signed(double v, int digits)
    {
        if (double.IsNaN(v)) return "undefined";
        if (double.IsInfinity(v)) return v > 0 ? "∞" : "−∞";
        if (v == 0) return "0";
        int decimals = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(v)));
        string text = decimals > digits + 3 ? Power(v, digits - 1) : Math.Round(v, Math.Clamp(decimals, 0, 15)).ToString("F" + Math.Max(0, decimals), CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    static string Power(double v, int decimals)
    {
        string[] parts = v.ToString("E" + decimals, CultureInfo.InvariantCulture).Split('E');
        string exponent = int.Parse(parts[1], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        return $"{parts[0].Replace('-', '−')}\u00A0×\u00A010{string.Concat(exponent.Select(Superscript))}";
    }

    static char Superscript(char c) => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0'];
}
