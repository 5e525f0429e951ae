using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Batch normalisation by its formulas, in double.</summary>
static class BatchNormDefinition
{
    public static (double[] Mean, double[] Variance) Moments(double[] x, BatchNormShape s)
    {
        double[] mean = new double[s.C], variance = new double[s.C];
        for (int c = 0; c < s.C; c++)
        {
            double[] values = [.. Channel(c, s).Select(i => x[i])];
            mean[c] = values.Average();
            variance[c] = values.Average(v => (v - mean[c]) * (v - mean[c]));
        }
        return (mean, variance);
    }

    public static double[] Training(double[] x, double[] weight, double[] bias, BatchNormShape s)
    {
        var (mean, variance) = Moments(x, s);
        return Normalised(x, mean, variance, weight, bias, s);
    }

    public static double[] Normalised(double[] x, double[] mean, double[] variance, double[] weight, double[] bias, BatchNormShape s)
    {
        var y = new double[x.Length];
        for (int c = 0; c < s.C; c++)
            foreach (int i in Channel(c, s)) y[i] = (x[i] - mean[c]) / Math.Sqrt(variance[c] + s.Eps) * weight[c] + bias[c];
        return y;
    }

    static IEnumerable<int> Channel(int c, BatchNormShape s)
    {
        for (int n = 0; n < s.N; n++)
            for (int i = 0; i < s.HW; i++) yield return (n * s.C + c) * s.HW + i;
    }
}
