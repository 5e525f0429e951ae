using MathNet.Numerics;

namespace IlgpuXai.Stats;

/// <summary>
/// The dominance matrix dᵢⱼ = sign(aᵢ − bⱼ) behind Cliff's δ, by its row and column means alone: n log n steps, and the matrix is never built.
/// </summary>
static class Dominance
{
    /// <summary>
    /// δ, the mean of all dᵢⱼ, and the consistent estimate of its variance:
    /// s² = ((n_b − 1)·s²(dᵢ.) + (nₐ − 1)·s²(d.ⱼ) + Σ(dᵢⱼ − δ)²/((nₐ − 1)(n_b − 1))) / (nₐn_b).
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
        double squares = Math.Max(0, untied - pairs * delta * delta);             // d² is 1 for every pair that is not tied
        double variance = ((nb - 1) / (na - 1) * rowSquares + (na - 1) / (nb - 1) * columnSquares + squares / ((na - 1) * (nb - 1))) / pairs;
        return (delta, variance);
    }

    /// <summary>The asymmetric interval; <paramref name="smaller"/> is the size of the smaller group.</summary>
    public static Interval Interval(double delta, double variance, int smaller, double confidence)
    {
        double z = Math.Sqrt(2) * SpecialFunctions.ErfInv(confidence), zz = z * z;
        if (Math.Abs(delta) == 1)
        {
            double inner = delta * (smaller - zz) / (smaller + zz);
            return new(Math.Min(delta, inner), Math.Max(delta, inner), confidence);
        }
        double rest = 1 - delta * delta, spread = z * Math.Sqrt(variance) * Math.Sqrt(rest * rest + zz * variance);
        double scale = rest + zz * variance;
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
