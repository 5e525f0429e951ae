namespace IlgpuXai.Tests;

static class CentralDifferences
{
    /// <summary>∇f(x) for f that is smooth at x: (f(x + h) − f(x − h)) / 2h per coordinate.</summary>
    public static double[] Of(Func<double[], double> f, double[] x, double h = 1e-4)
    {
        var gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double at = x[i];
            x[i] = at + h;
            double up = f(x);
            x[i] = at - h;
            gradient[i] = (up - f(x)) / (2 * h);
            x[i] = at;
        }
        return gradient;
    }

    /// <summary>⟨a, b⟩: the number whose gradient a backward operation computes.</summary>
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
