namespace IlgpuXai.Stats;

/// <summary>Size, mean and spread of checked values: what every formula about means starts from.</summary>
/// <param name="Correction">What rounding the mean to a double left over: the mean is Mean + Correction.</param>
/// <param name="SumOfSquares">Σ(xᵢ − x̄)².</param>
readonly record struct Moments(int Count, double Mean, double Correction, double SumOfSquares)
{
    /// <summary>SumOfSquares / (Count − 1).</summary>
    public double Variance => SumOfSquares / (Count - 1);

    /// <summary>mean − mean(other), as exact at a large common offset as the values themselves.</summary>
    public double MeanMinus(Moments other) => Mean - other.Mean + (Correction - other.Correction);

    /// <summary>Two passes with compensated sums; the second corrects the mean by the residuals of the first.</summary>
    /// <remarks>Chan, Golub and LeVeque, "Algorithms for computing the sample variance" (1983), eq. 1.7.</remarks>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        int n = values.Length;
        var sum = new CompensatedSum();
        foreach (double x in values) sum.Add(x);
        double first = sum.Value / n;

        CompensatedSum residuals = new(), squares = new();
        foreach (double x in values)
        {
            double d = x - first;
            residuals.Add(d);
            squares.Add(d * d);
        }
        double rest = residuals.Value / n, mean = first + rest;
        // Deviations were taken from a rounded mean: their squares are too large by n·rest².
        return new(n, mean, first - mean + rest, Math.Max(0, squares.Value - n * rest * rest));
    }
}
