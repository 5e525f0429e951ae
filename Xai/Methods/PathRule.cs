namespace IlgpuXai.Xai;

/// <summary>How an integral from 0 to 1 becomes a sum: ∫ g(α) dα ≈ Σ wᵢ g(αᵢ) with Σ wᵢ = 1.</summary>
public enum PathRule
{
    /// <summary>Exact for polynomials of degree 2n − 1; never at the ends.</summary>
    GaussLegendre,

    /// <summary>The ends and what lies evenly between, the ends with half the weight: αᵢ = i/(n − 1). Error O(1/n²).</summary>
    Trapezoid,

    /// <summary>The middles of n equal parts: αᵢ = (i + ½)/n. Error O(1/n²).</summary>
    Midpoint,
}

/// <summary>The places and weights of a rule.</summary>
public static class PathNodes
{
    /// <exception cref="ArgumentOutOfRangeException">Fewer steps than the rule has: one, or two for the trapezoid.</exception>
    public static (double[] Alphas, double[] Weights) Nodes(this PathRule rule, int n)
    {
        int least = rule == PathRule.Trapezoid ? 2 : 1;
        if (n < least) throw new ArgumentOutOfRangeException(nameof(n), $"integrated gradients: {n} steps, the rule needs at least {least}");
        double[] alphas = new double[n], weights = new double[n];
        for (int i = 0; i < n; i++)
            (alphas[i], weights[i]) = rule switch
            {
                PathRule.Trapezoid => (i / (n - 1.0), (i == 0 || i == n - 1 ? 0.5 : 1) / (n - 1)),
                PathRule.Midpoint => ((i + 0.5) / n, 1.0 / n),
                _ => Legendre(n, i),
            };
        return (alphas, weights);
    }

    // Root i of the Legendre polynomial Pₙ by Newton's method, from an estimate that is in its basin for every n; then from [−1, 1] to [0, 1].
    static (double, double) Legendre(int n, int i)
    {
        double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
        for (int round = 0; round < 100; round++)
        {
            double p = 1, before = 0;
            for (int k = 0; k < n; k++) (p, before) = (((2 * k + 1) * x * p - k * before) / (k + 1), p);
            slope = n * (before - x * p) / (1 - x * x);
            double step = p / slope;
            x -= step;
            if (Math.Abs(step) < 1e-15) break;
        }
        return ((1 - x) / 2, 1 / ((1 - x * x) * slope * slope));
    }
}
