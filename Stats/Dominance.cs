namespace IlgpuXai.Stats;

/// <summary>
/// The dominance matrix dᵢⱼ = sign(aᵢ − bⱼ) behind Cliff's δ, by its row and column means alone: n log n steps, and the matrix is never built.
/// </summary>
static class Dominance
{
    /// <summary>
    /// δ, the mean of all dᵢⱼ, and the unbiased estimate of its variance, at least the smallest value it can take:
    /// s² = max((n_b²·Σ(dᵢ. − δ)² + nₐ²·Σ(d.ⱼ − δ)² − Σ(dᵢⱼ − δ)²) / (nₐn_b(nₐ − 1)(n_b − 1)), (1 − δ²) / (nₐn_b − 1)).
    /// </summary>
    public static (double Delta, double Variance) Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double na = a.Length, nb = b.Length, pairs = na * nb;
        var (rows, untied) = RowSums(a, b);
        var (columns, _) = RowSums(b, a);                                        // of sign(bⱼ − aᵢ), so negated
        double sum = 0;
        foreach (long row in rows) sum += row;
        double delta = sum / pairs;

        double rowSquares = 0, columnSquares = 0;
        foreach (long row in rows) rowSquares += Math.Pow(row / nb - delta, 2);
        foreach (long column in columns) columnSquares += Math.Pow(-column / na - delta, 2);
        double squares = untied - pairs * delta * delta;                          // d² is 1 for every pair that is not tied
        double variance = (nb * nb * rowSquares + na * na * columnSquares - squares) / (pairs * (na - 1) * (nb - 1));
        return (delta, Math.Max(variance, (1 - delta * delta) / (pairs - 1)));
    }

    /// <summary>The asymmetric interval around <paramref name="delta"/> from <see cref="Of"/>.</summary>
    public static Interval Interval(double delta, double variance, int na, int nb, double confidence)
    {
        double t = StudentT.Critical(confidence, (double)na + nb - 2), tt = t * t;
        if (Math.Abs(delta) == 1)
        {
            double smaller = Math.Min(na, nb);
            double inner = delta * (smaller - tt) / (smaller + tt);
            return new(Math.Min(delta, inner), Math.Max(delta, inner), confidence);
        }
        double rest = 1 - delta * delta, spread = t * Math.Sqrt(variance) * Math.Sqrt(rest * rest + tt * variance);
        double scale = rest + tt * variance;
        return new((delta * rest - spread) / scale, (delta * rest + spread) / scale, confidence);
    }

    /// <summary>For every value the number of others below it minus the number above, and how many pairs are not tied.</summary>
    static (long[] Sums, double Untied) RowSums(ReadOnlySpan<double> values, ReadOnlySpan<double> others)
    {
        double[] sorted = others.ToArray();
        Array.Sort(sorted);
        var sums = new long[values.Length];
        double untied = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            long below = FirstNotBelow(sorted, values[i]), above = sorted.Length - FirstNotBelow(sorted, Math.BitIncrement(values[i]));
            sums[i] = below - above;
            untied += below + above;
        }
        return (sums, untied);
    }

    static int FirstNotBelow(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value) low = middle + 1; else high = middle;
        }
        return low;
    }
}
