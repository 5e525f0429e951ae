namespace IlgpuXai.Stats;

/// <summary>
/// Adjusted p-values for m tests of one question: compare each with the same level as a single test. They come back in the order given,
/// equal p-values stay equal, and no adjusted value lies below its p or above 1. No tests give no values; NaN or a value outside [0, 1] is
/// refused with an <see cref="ArgumentException"/>.
/// </summary>
public static class MultipleComparisons
{
    /// <summary>min(1, m·p): the chance of any false rejection stays below the level (Bonferroni).</summary>
    public static double[] Bonferroni(ReadOnlySpan<double> pValues)
    {
        Check("Bonferroni correction", pValues);
        var adjusted = new double[pValues.Length];
        for (int i = 0; i < adjusted.Length; i++) adjusted[i] = Math.Min(1, pValues.Length * pValues[i]);
        return adjusted;
    }

    /// <summary>For sorted p₁ ≤ … ≤ p_m: max over j ≤ i of min(1, (m − j + 1)·pⱼ). Guards like Bonferroni and rejects at least as often.</summary>
    /// <remarks>Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6 (1979).</remarks>
    public static double[] Holm(ReadOnlySpan<double> pValues)
    {
        Check("Holm correction", pValues);
        int m = pValues.Length;
        var adjusted = new double[m];
        double largest = 0;
        int smaller = 0;
        foreach (int i in Ascending(pValues))
            adjusted[i] = largest = Math.Max(largest, Math.Min(1, (m - smaller++) * pValues[i]));
        return adjusted;
    }

    /// <summary>For sorted p₁ ≤ … ≤ p_m: min over j ≥ i of min(1, m·pⱼ/j). The expected share of false rejections stays below the level.</summary>
    /// <remarks>Benjamini and Hochberg, "Controlling the false discovery rate", J. R. Stat. Soc. B 57 (1995); for independent or positively dependent tests.</remarks>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> pValues)
    {
        Check("Benjamini–Hochberg correction", pValues);
        int m = pValues.Length, rank = m;
        var adjusted = new double[m];
        double smallest = 1;
        foreach (int i in Ascending(pValues).Reverse())
            adjusted[i] = smallest = Math.Min(smallest, Math.Max(pValues[i], m * pValues[i] / rank--));     // rounding must not go below p
        return adjusted;
    }

    static void Check(string method, ReadOnlySpan<double> pValues)
    {
        for (int i = 0; i < pValues.Length; i++) Require.Probability(method, pValues[i], $"p-value {i}");
    }

    static int[] Ascending(ReadOnlySpan<double> pValues)
    {
        int[] order = [.. Enumerable.Range(0, pValues.Length)];
        Array.Sort(pValues.ToArray(), order);
        return order;
    }
}
