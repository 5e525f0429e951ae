namespace IlgpuXai.Stats;

/// <summary>One group in a row of a table: size, centre, spread and the confidence interval of the mean.</summary>
/// <param name="StandardDeviation">With denominator n − 1.</param>
/// <param name="StandardError">StandardDeviation / √Count.</param>
public sealed record Summary(
    int Count, double Mean, double StandardDeviation, double StandardError,
    double Minimum, double LowerQuartile, double Median, double UpperQuartile, double Maximum, Interval MeanInterval)
{
    /// <summary>Describes at least two finite values; see <see cref="Descriptive"/> for each formula.</summary>
    public static Summary Of(ReadOnlySpan<double> values, double confidence = 0.95)
    {
        Require.Values("summary", values, atLeast: 2);
        double[] q = Descriptive.Quantiles(values, [0, 0.25, 0.5, 0.75, 1]);
        return new(values.Length, Descriptive.Mean(values), Descriptive.StandardDeviation(values), Descriptive.StandardError(values),
                   q[0], q[1], q[2], q[3], q[4], Descriptive.MeanInterval(values, confidence));
    }
}
