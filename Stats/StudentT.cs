using MathNet.Numerics.RootFinding;

namespace IlgpuXai.Stats;

/// <summary>Student's t distribution with ν &gt; 0 degrees of freedom (not necessarily whole), accurate to about 12 digits far into its tails.
/// Degrees of freedom or a confidence out of range are refused with an <see cref="ArgumentException"/>.</summary>
public static class StudentT
{
    /// <summary>P(|T| ≥ |t|) = I_x(ν/2, ½), x = ν / (ν + t²); 1 at 0, 0 at ±∞, NaN for NaN.</summary>
    /// <remarks>Abramowitz and Stegun 26.7.1; the regularized incomplete beta is taken in the form that does not subtract from 1 in the tails.</remarks>
    public static double TwoSided(double t, double degreesOfFreedom)
    {
        Require.DegreesOfFreedom("t distribution", degreesOfFreedom);
        if (double.IsNaN(t)) return double.NaN;
        if (t == 0) return 1;
        if (double.IsInfinity(t)) return 0;

        double a = degreesOfFreedom / 2, q = Math.Abs(t) / Math.Sqrt(degreesOfFreedom);
        double x = 1 / (1 + q * q), y = 1 / (1 + 1 / q / q);                       // y = 1 − x, without cancellation
        double logX = q < 1e8 ? -LogOnePlus(q * q) : -2 * Math.Log(q);              // q² may overflow, its logarithm does not
        double front = Math.Exp(a * logX) * Math.Sqrt(y) * GammaRatio.Half(a) / Math.Sqrt(Math.PI);
        return x < (a + 1) / (a + 2.5)
            ? front * BetaFraction(a, 0.5, x, y)
            : 1 - front * BetaFraction(0.5, a, y, x);
    }

    /// <summary>The p-value of t under <paramref name="alternative"/>: P(|T| ≥ |t|), P(T ≤ t) or P(T ≥ t).</summary>
    public static double PValue(double t, double degreesOfFreedom, Alternative alternative)
    {
        double both = TwoSided(t, degreesOfFreedom);
        if (alternative == Alternative.TwoSided) return both;
        bool tail = alternative == Alternative.Less ? t < 0 : t > 0;
        return tail ? both / 2 : 1 - both / 2;
    }

    /// <summary>t &gt; 0 with P(|T| ≤ t) = <paramref name="confidence"/>, the two-sided critical value.</summary>
    public static double Critical(double confidence, double degreesOfFreedom)
    {
        Require.Confidence("t distribution", confidence);
        double outside = 1 - confidence, upper = 1;
        while (TwoSided(upper, degreesOfFreedom) > outside) upper *= 2;
        return Brent.FindRoot(t => TwoSided(t, degreesOfFreedom) - outside, 0, upper, 1e-15, 200);
    }

    /// <summary>
    /// The interval estimate ± t·standardError that goes with <paramref name="alternative"/>: bounded on both sides,
    /// only above (less) or only below (greater).
    /// </summary>
    internal static Interval IntervalOf(double estimate, double standardError, double degreesOfFreedom, Alternative alternative, double confidence)
    {
        double both = alternative == Alternative.TwoSided ? confidence : 2 * confidence - 1;
        // One-sided bounds of less than 50 % lie on the other side of the estimate.
        double half = standardError * Math.Sign(both) * (both == 0 ? 0 : Critical(Math.Abs(both), degreesOfFreedom));
        return new(alternative == Alternative.Less ? double.NegativeInfinity : estimate - half,
                   alternative == Alternative.Greater ? double.PositiveInfinity : estimate + half, confidence);
    }

    /// <summary>The continued fraction of the incomplete beta function: I_x(a, b) = xᵃyᵇ / B(a, b) · fraction, y = 1 − x, for x below about a / (a + b).</summary>
    /// <remarks>
    /// DiDonato and Morris, "Significant digit computation of the incomplete beta function ratios", ACM TOMS 18 (1992), eq. 9, evaluated by the
    /// modified Lentz method. Unlike the usual fraction it sees y itself, which x no longer holds when a is large. It needs O(√max(a, b)) steps.
    /// </remarks>
    static double BetaFraction(double a, double b, double x, double y)
    {
        double f = Denominator(0), c = f, d = 0;
        for (int n = 1; n < 1_000_000; n++)
        {
            double inner = a + 2.0 * n - 1;
            double numerator = (a + n - 1) / inner * ((a + b + n - 1) / inner) * n * (b - n) * x * x;
            double denominator = Denominator(n);
            d = 1 / NotZero(denominator + numerator * d);
            c = NotZero(denominator + numerator / c);
            f *= c * d;
            if (Math.Abs(c * d - 1) < 1e-15) break;
        }
        return 1 / f;

        double Denominator(double n) =>
            n + (n == 0 ? 0 : n * (b - n) * x / (a + 2 * n - 1)) + (a + n) / (a + 2 * n + 1) * (a * y - b * x + 1 + n * (1 + y));

        static double NotZero(double v) => Math.Abs(v) < 1e-300 ? 1e-300 : v;
    }

    static double LogOnePlus(double v) => Math.Abs(v) < 0.1 ? MathNet.Numerics.SpecialFunctions.Log1p(v) : Math.Log(1 + v);
}
