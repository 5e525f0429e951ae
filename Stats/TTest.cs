namespace IlgpuXai.Stats;

/// <summary>The result of a t-test.</summary>
/// <param name="DegreesOfFreedom">Of the t distribution the p-value comes from; not whole for Welch's test.</param>
/// <param name="MeanDifference">mean(a) − mean(b), in the unit of the values.</param>
/// <param name="StandardError">Of the mean difference; <c>Statistic = MeanDifference / StandardError</c>.</param>
/// <param name="MeanDifferenceInterval">MeanDifference ± t·StandardError, unbounded on the side a one-sided alternative does not ask about.</param>
public sealed record TTestResult(
    string Name, double Statistic, double PValue, double DegreesOfFreedom, Alternative Alternative,
    double MeanDifference, double StandardError, Interval MeanDifferenceInterval) : TestResult(Name, Statistic, PValue, Alternative);

/// <summary>
/// Tests whether two groups have the same mean. Each group needs at least two values; NaN and infinities are refused
/// with an <see cref="ArgumentException"/>.
/// <para>Without any spread t is ±∞ with p = 0 (two-sided) if the means differ, and t and p are NaN if they are equal, as in SciPy.</para>
/// </summary>
public static class TTest
{
    /// <summary>
    /// Student's two-sample t-test, for equal variances:
    /// t = (x̄ₐ − x̄_b) / √(s²·(1/nₐ + 1/n_b)), s² the pooled variance, nₐ + n_b − 2 degrees of freedom.
    /// </summary>
    /// <remarks>Student, "The probable error of a mean", Biometrika 6 (1908).</remarks>
    public static TTestResult Student(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Alternative alternative = Alternative.TwoSided, double confidence = 0.95)
    {
        const string name = "Student's t-test";
        var (ma, mb) = Compare(name, a, b, confidence);
        double df = (double)a.Length + b.Length - 2;
        double pooled = (ma.SumOfSquares + mb.SumOfSquares) / df;
        return Result(name, ma.MeanMinus(mb), Math.Sqrt(pooled * (1.0 / a.Length + 1.0 / b.Length)), df, alternative, confidence);
    }

    /// <summary>
    /// Welch's t-test, for variances that may differ: t = (x̄ₐ − x̄_b) / √(s²ₐ/nₐ + s²_b/n_b) with
    /// (s²ₐ/nₐ + s²_b/n_b)² / ((s²ₐ/nₐ)²/(nₐ − 1) + (s²_b/n_b)²/(n_b − 1)) degrees of freedom (1 where both variances are zero).
    /// </summary>
    /// <remarks>Welch, "The generalization of 'Student's' problem when several different population variances are involved", Biometrika 34 (1947);
    /// degrees of freedom by Satterthwaite, Biometrics Bulletin 2 (1946).</remarks>
    public static TTestResult Welch(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Alternative alternative = Alternative.TwoSided, double confidence = 0.95)
    {
        const string name = "Welch's t-test";
        var (ma, mb) = Compare(name, a, b, confidence);
        double ea = ma.Variance / a.Length, eb = mb.Variance / b.Length, both = ea + eb;
        double share = ea / both;                                   // squaring shares instead of variances cannot under- or overflow
        double df = both == 0 ? 1 : 1 / (share * share / (a.Length - 1) + (1 - share) * (1 - share) / (b.Length - 1));
        return Result(name, ma.MeanMinus(mb), Math.Sqrt(both), df, alternative, confidence);
    }

    /// <summary>
    /// The paired t-test of aᵢ against bᵢ: t = d̄ / (s_d/√n) with dᵢ = aᵢ − bᵢ, n − 1 degrees of freedom.
    /// Groups of different lengths are refused with an <see cref="ArgumentException"/>.
    /// </summary>
    public static TTestResult Paired(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Alternative alternative = Alternative.TwoSided, double confidence = 0.95)
    {
        const string name = "paired t-test";
        Require.SameLength(name, a.Length, b.Length);
        Check(name, a, b, confidence);
        var d = new double[a.Length];
        for (int i = 0; i < d.Length; i++) d[i] = a[i] - b[i];
        var m = Moments.Of(d);
        return Result(name, m.Mean, Math.Sqrt(m.Variance / m.Count), m.Count - 1, alternative, confidence);
    }

    static void Check(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence)
    {
        Require.Values(name, a, atLeast: 2);
        Require.Values(name, b, atLeast: 2);
        Require.Confidence(name, confidence);
    }

    static (Moments A, Moments B) Compare(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence)
    {
        Check(name, a, b, confidence);
        return (Moments.Of(a), Moments.Of(b));
    }

    static TTestResult Result(string name, double difference, double error, double df, Alternative alternative, double confidence)
    {
        double t = difference / error;
        return new(name, t, StudentT.PValue(t, df, alternative), df, alternative, difference, error,
                   StudentT.IntervalOf(difference, error, df, alternative, confidence));
    }
}
