namespace IlgpuXai.Xai;

/// <summary>Two passes of exp(−d²/2σ²), cut at 4σ and normalised to sum 1; beyond the border the border's pixel repeats.</summary>
static class GaussianBlur
{
    public static float[] Apply(float[] image, int channels, int height, int width, double sigma)
    {
        if (sigma is not (> 0 and < 1000)) throw new ArgumentOutOfRangeException(nameof(sigma), $"blur: σ = {sigma} pixels is not between 0 and 1000");
        double[] kernel = Kernel(sigma), x = Array.ConvertAll(image, v => (double)v);
        x = Pass(x, channels * height, width, 1, width, kernel);              // along rows
        for (int c = 0; c < channels; c++) Columns(x, c * height * width, height, width, kernel);
        return Array.ConvertAll(x, v => (float)v);
    }

    static double[] Kernel(double sigma)
    {
        int radius = Math.Max(1, (int)Math.Ceiling(4 * sigma));
        var kernel = new double[2 * radius + 1];
        for (int d = -radius; d <= radius; d++) kernel[d + radius] = Math.Exp(-d * d / (2 * sigma * sigma));
        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, k => k / sum);
    }

    static void Columns(double[] x, int offset, int height, int width, double[] kernel)
    {
        double[] plane = Pass(x.AsSpan(offset, height * width).ToArray(), width, height, width, 1, kernel);
        plane.CopyTo(x, offset);
    }

    /// <summary>Filters <paramref name="lines"/> lines of <paramref name="length"/> values; neighbours on a line are <paramref name="step"/> apart, lines start <paramref name="stride"/> apart.</summary>
    static double[] Pass(double[] x, int lines, int length, int step, int stride, double[] kernel)
    {
        var y = new double[x.Length];
        int radius = kernel.Length / 2;
        for (int line = 0; line < lines; line++)
            for (int i = 0; i < length; i++)
            {
                double sum = 0;
                for (int d = -radius; d <= radius; d++) sum += kernel[d + radius] * x[line * stride + Math.Clamp(i + d, 0, length - 1) * step];
                y[line * stride + i * step] = sum;
            }
        return y;
    }
}
