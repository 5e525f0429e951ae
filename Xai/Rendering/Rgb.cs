namespace IlgpuXai.Xai;

/// <summary>A colour as a screen shows it: sRGB, 0 … 255 each.</summary>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    public static Rgb FromHex(int rgb) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);

    /// <summary>(1 − t)·a + t·b per component, rounded; t in [0, 1].</summary>
    public static Rgb Mix(Rgb a, Rgb b, double t) => new(Mix(a.R, b.R, t), Mix(a.G, b.G, t), Mix(a.B, b.B, t));

    static byte Mix(byte a, byte b, double t) => (byte)Math.Round(a + (b - a) * t);

    /// <summary>As CSS writes it, <c>#1f77b4</c>.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
