namespace IlgpuXai.Stats;

/// <summary>
/// Numbers that describe one sample x₁ … xₙ. All refuse NaN, infinities and an empty sample with an <see cref="ArgumentException"/>;
/// those that estimate a spread refuse fewer than two values. Squares overflow beyond deviations of about 1e154.
/// </summary>
public static class Descriptive
{
    /// <summary>x̄ = Σxᵢ / n, compensated and corrected by the mean of the residuals.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        Require.Values("mean", values);
        return Moments.Of(values).Mean;
    }

    /// <summary>s² = Σ(xᵢ − x̄)² / (n − 1), the unbiased sample variance. Exactly 0 for equal values.</summary>
    /// <remarks>The corrected two-pass algorithm: Chan, Golub and LeVeque, "Algorithms for computing the sample variance" (1983).</remarks>
    public static double Variance(ReadOnlySpan<double> values)
    {
        Require.Values("variance", values, atLeast: 2);
        return Moments.Of(values).Variance;
    }

    /// <summary>s = √s², in the unit of the values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        Require.Values("standard deviation", values, atLeast: 2);
        return Math.Sqrt(Moments.Of(values).Variance);
    }

    /// <summary>s / √n, the standard error of the mean.</summary>
    public static double StandardError(ReadOnlySpan<double> values)
    {
        Require.Values("standard error", values, atLeast: 2);
        return Math.Sqrt(Moments.Of(values).Variance / values.Length);
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        Require.Values("median", values);
        return QuantileOfSorted(Sorted(values), 0.5);
    }

    /// <summary>
    /// The quantile of type 7 (Hyndman and Fan 1996), the default of R and NumPy: at position h = (n − 1)·p in the sorted sample,
    /// linear between neighbours. p = 0 is the minimum, p = 1 the maximum.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="p"/> lies outside [0, 1].</exception>
    public static double Quantile(ReadOnlySpan<double> values, double p) => Quantiles(values, [p])[0];

    /// <summary><see cref="Quantile"/> at several probabilities, sorting once.</summary>
    public static double[] Quantiles(ReadOnlySpan<double> values, ReadOnlySpan<double> probabilities)
    {
        Require.Values("quantile", values);
        foreach (double p in probabilities) Require.Probability("quantile", p, "p");
        double[] sorted = Sorted(values), quantiles = new double[probabilities.Length];
        for (int i = 0; i < quantiles.Length; i++) quantiles[i] = QuantileOfSorted(sorted, probabilities[i]);
        return quantiles;
    }

    /// <summary>x̄ ± t·s/√n with t the two-sided critical value of Student's distribution with n − 1 degrees of freedom.</summary>
    public static Interval MeanInterval(ReadOnlySpan<double> values, double confidence = 0.95)
    {
        const string method = "confidence interval of the mean";
        Require.Values(method, values, atLeast: 2);
        Require.Confidence(method, confidence);
        var m = Moments.Of(values);
        return StudentT.IntervalOf(m.Mean, Math.Sqrt(m.Variance / m.Count), m.Count - 1, Alternative.TwoSided, confidence);
    }

    static double[] Sorted(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    static double QuantileOfSorted(double[] sorted, double p)
    {
        double h = (sorted.Length - 1) * p;
        int below = (int)h;
        if (below == sorted.Length - 1) return sorted[below];
        double low = sorted[below], high = sorted[below + 1], t = h - below;
        // Measured from the nearer neighbour, so that a quantile on a value is that value.
        return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
    }
}
