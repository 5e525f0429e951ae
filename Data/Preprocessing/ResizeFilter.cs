namespace IlgpuXai.Data;

/// <summary>How neighbouring pixels are weighed when a picture is resized; the names are Pillow's.</summary>
public enum ResizeFilter { Nearest, Box, Bilinear, Bicubic, Lanczos }

/// <summary>The weights w(x) of the filters, x in pixels of the larger of the two grids; zero beyond <see cref="Support"/>.</summary>
static class FilterWeights
{
    public static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Box => 0.5,
        ResizeFilter.Bilinear => 1,
        ResizeFilter.Bicubic => 2,
        ResizeFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), $"resize: {filter} has no weights"),
    };

    public static double At(ResizeFilter filter, double x) => filter switch
    {
        ResizeFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResizeFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        ResizeFilter.Bicubic => Cubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    // Keys, 1981, with a = −1/2. The order of the operations decides the last bit of a weight, and that can decide a pixel.
    static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
