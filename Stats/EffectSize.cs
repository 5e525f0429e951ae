namespace IlgpuXai.Stats;

/// <summary>How large a difference between two groups is, whatever the unit; positive where a is larger.</summary>
/// <param name="Name">The measure's name as a reader knows it, "Cohen's d".</param>
public sealed record EffectSize(string Name, double Value, Interval Interval)
{
    /// <summary>
    /// Cohen's d = (x̄ₐ − x̄_b) / s, s² the pooled variance with nₐ + n_b − 2 degrees of freedom.
    /// <para>The interval inverts the noncentral t distribution: t = d / √(1/nₐ + 1/n_b) has noncentrality δ / √(1/nₐ + 1/n_b)
    /// for the true effect δ, exact for normal groups of equal variance.</para>
    /// <para>Without any spread d and its bounds are ±∞, or NaN if the means are equal too. Each group needs two values; NaN and infinities
    /// are refused with an <see cref="ArgumentException"/>.</para>
    /// </summary>
    /// <remarks>Cohen, "Statistical power analysis for the behavioral sciences" (1988), eq. 2.5.1; interval: Steiger and Fouladi (1997).</remarks>
    public static EffectSize CohenD(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence = 0.95) =>
        Standardized("Cohen's d", a, b, confidence, _ => 1);

    /// <summary>
    /// Hedges' g = J·d, d without its bias in small groups: J = Γ(m/2) / (√(m/2)·Γ((m − 1)/2)) with m = nₐ + n_b − 2.
    /// Its interval is d's times J; edges as for <see cref="CohenD"/>.
    /// </summary>
    /// <remarks>Hedges, "Distribution theory for Glass's estimator of effect size and related estimators", J. Educ. Stat. 6 (1981), eq. 6e.</remarks>
    public static EffectSize HedgesG(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence = 0.95) =>
        Standardized("Hedges' g", a, b, confidence, m => GammaRatio.Half((m - 1) / 2) / Math.Sqrt(m / 2));

    /// <summary>
    /// Cliff's δ = P(a &gt; b) − P(a &lt; b) over all pairs, in [−1, 1]; 2U/(nₐn_b) − 1 in terms of Mann–Whitney's U.
    /// <para>The interval is the asymmetric one, (δ − δ³ ± ts√((1 − δ²)² + t²s²)) / (1 − δ² + t²s²), with s² the unbiased estimate of δ's variance,
    /// not below (1 − δ²)/(nₐn_b − 1), and t the critical value for nₐ + n_b − 2 degrees of freedom. At δ = ±1, where s is zero, it reaches
    /// from ±1 to ±(n − t²)/(n + t²), n the size of the smaller group.</para>
    /// <para>Each group needs two values; NaN and infinities are refused with an <see cref="ArgumentException"/>.</para>
    /// </summary>
    /// <remarks>Cliff, "Dominance statistics: ordinal analyses to answer ordinal questions", Psychol. Bull. 114 (1993); interval: Feng and Cliff,
    /// "Monte Carlo evaluation of ordinal d with improved confidence interval", J. Mod. Appl. Stat. Methods 3 (2004).</remarks>
    public static EffectSize CliffDelta(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence = 0.95)
    {
        Check("Cliff's delta", a, b, confidence);
        var (delta, variance) = Dominance.Of(a, b);
        return new("Cliff's delta", delta, Dominance.Interval(delta, variance, a.Length, b.Length, confidence));
    }

    static EffectSize Standardized(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence, Func<double, double> correction)
    {
        Check(name, a, b, confidence);
        var test = TTest.Student(a, b, confidence: confidence);
        double scale = Math.Sqrt(1.0 / a.Length + 1.0 / b.Length) * correction(test.DegreesOfFreedom);
        var t = NoncentralT.NoncentralityInterval(test.Statistic, test.DegreesOfFreedom, confidence);
        return new(name, test.Statistic * scale, new(t.Lower * scale, t.Upper * scale, confidence));
    }

    static void Check(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence)
    {
        Require.Values(name, a, atLeast: 2);
        Require.Values(name, b, atLeast: 2);
        Require.Confidence(name, confidence);
    }
}
