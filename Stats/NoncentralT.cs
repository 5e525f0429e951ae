using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace IlgpuXai.Stats;

/// <summary>
/// The noncentral t distribution: T = (Z + δ) / S with Z standard normal and ν·S² chi-squared with ν &gt; 0 degrees of freedom.
/// t statistics follow it when the true effect is not zero. t and δ are finite; degrees of freedom or a confidence out of range are
/// refused with an <see cref="ArgumentException"/>.
/// </summary>
public static class NoncentralT
{
    /// <summary>P(T ≤ t) = E[Φ(t·S − δ)], with relative accuracy in the lower tail.</summary>
    public static double Below(double t, double degreesOfFreedom, double noncentrality) =>
        Expectation(degreesOfFreedom, s => LogNormalCdf(t * s - noncentrality));

    /// <summary>P(T ≥ t) = E[Φ(δ − t·S)], with relative accuracy in the upper tail.</summary>
    public static double Above(double t, double degreesOfFreedom, double noncentrality) =>
        Expectation(degreesOfFreedom, s => LogNormalCdf(noncentrality - t * s));

    /// <summary>
    /// The noncentralities between which t is not extreme: δ from P(T ≥ t; lower) = (1 − confidence)/2 to P(T ≤ t; upper) = (1 − confidence)/2.
    /// ±∞ at t = ±∞, NaN for NaN.
    /// </summary>
    /// <remarks>Steiger and Fouladi, "Noncentrality interval estimation and the evaluation of statistical models" (1997).</remarks>
    public static Interval NoncentralityInterval(double t, double degreesOfFreedom, double confidence)
    {
        Require.Confidence("noncentral t distribution", confidence);
        if (!double.IsFinite(t)) return new(t, t, confidence);
        double tail = (1 - confidence) / 2;
        return new(Solve(delta => Above(t, degreesOfFreedom, delta) - tail),
                   Solve(delta => tail - Below(t, degreesOfFreedom, delta)), confidence);

        // Both functions grow with δ and change sign not far from t.
        double Solve(Func<double, double> f)
        {
            double low = t - 1, high = t + 1;
            for (double step = 1; f(low) > 0; step *= 2) low -= step;
            for (double step = 1; f(high) < 0; step *= 2) high += step;
            return Brent.FindRoot(f, low, high, 1e-14, 200);
        }
    }

    /// <summary>
    /// E[exp(g(S))] as the ratio of two integrals over u = ln s, with and without exp(g); the weight exp(ν(u − (e²ᵘ − 1)/2)) needs no constant then.
    /// </summary>
    static double Expectation(double nu, Func<double, double> logValue)
    {
        Require.DegreesOfFreedom("noncentral t distribution", nu);
        double LogWeight(double u) => nu * (u - Math.Exp(u) * Math.Sinh(u));      // (e²ᵘ − 1)/2 without cancellation
        var (all, allScale) = Integral(LogWeight);
        var (part, partScale) = Integral(u => LogWeight(u) + logValue(Math.Exp(u)));
        return Math.Min(1, part / all * Math.Exp(partScale - allScale));
    }

    /// <summary>
    /// ∫ exp(f(u)) du = Value·exp(Scale) for f with one maximum and fast decay on both sides. The trapezoid rule converges
    /// geometrically for such functions, so the step is halved until nothing changes.
    /// </summary>
    static (double Value, double Scale) Integral(Func<double, double> f)
    {
        double peak = Peak(f), scale = f(peak), left = Reach(-1), right = Reach(1);
        int steps = 32;
        double sum = 0, change = double.PositiveInfinity;
        for (int i = 0; i <= steps; i++) sum += Math.Exp(f(left + i * (right - left) / steps) - scale);
        while (change > 1e-13 * sum && steps < 1 << 20)
        {
            double between = 0;
            for (int i = 0; i < steps; i++) between += Math.Exp(f(left + (i + 0.5) * (right - left) / steps) - scale);
            change = Math.Abs(between - sum);
            sum += between;
            steps *= 2;
        }
        return (sum * (right - left) / steps, scale);

        // Where f has fallen by 40, exp(f) is below 10⁻¹⁷ of its peak.
        double Reach(int direction)
        {
            double far = 1e-6;
            while (f(peak + direction * far) > scale - 40) far *= 2;
            double near = far / 2;
            for (int i = 0; i < 8; i++)
            {
                double middle = (near + far) / 2;
                if (f(peak + direction * middle) > scale - 40) near = middle; else far = middle;
            }
            return peak + direction * far;
        }
    }

    /// <summary>The maximum of a function with only one, by doubling steps and then golden sections. A rough one will do: it sets scale and range.</summary>
    static double Peak(Func<double, double> f)
    {
        double low = -1, high = 1;
        for (double step = 1; f(low) >= f(low + step / 64); step *= 2) low -= step;
        for (double step = 1; f(high) >= f(high - step / 64); step *= 2) high += step;
        const double golden = 0.6180339887498949;
        for (int i = 0; i < 60 && high - low > 1e-9; i++)
        {
            double left = high - golden * (high - low), right = low + golden * (high - low);
            if (f(left) < f(right)) low = left; else high = right;
        }
        return (low + high) / 2;
    }

    /// <summary>ln Φ(z), by an asymptotic series where Φ itself would underflow.</summary>
    static double LogNormalCdf(double z)
    {
        if (z > -30) return Math.Log(SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2);
        double u = 1 / (z * z);
        return -z * z / 2 - Math.Log(-z * Math.Sqrt(2 * Math.PI)) + Math.Log(1 - u * (1 - 3 * u * (1 - 5 * u * (1 - 7 * u))));
    }
}
