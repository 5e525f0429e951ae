using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

static class ReduceDefinitions
{
    public static double[] Along(double[] x, ReduceShape s, double neutral, Func<double, double, double> combine)
    {
        double[] y = new double[s.Outer * s.Inner];
        for (int o = 0; o < s.Outer; o++)
            for (int i = 0; i < s.Inner; i++)
            {
                double result = neutral;
                for (int k = 0; k < s.Length; k++) result = combine(result, x[(o * s.Length + k) * s.Inner + i]);
                y[o * s.Inner + i] = result;
            }
        return y;
    }
}
