using System.Numerics;
using MathNet.Numerics;

namespace IlgpuXai.Stats;

/// <summary>The result of a Mann–Whitney test. <c>Statistic</c> is U of group a: the number of pairs with aᵢ &gt; bⱼ, ties counted half.</summary>
/// <param name="Exact">True if the p-value counts all orderings, false if it comes from the normal approximation.</param>
public sealed record MannWhitneyResult(double Statistic, double PValue, Alternative Alternative, bool Exact)
    : TestResult("Mann–Whitney U test", Statistic, PValue, Alternative);

/// <summary>
/// The rank test of Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
/// Ann. Math. Stat. 18 (1947).
/// </summary>
public static class MannWhitney
{
    /// <summary>
    /// U = Rₐ − nₐ(nₐ + 1)/2 with Rₐ the sum of a's ranks in both groups together.
    /// <para>The p-value is exact if the smaller group has at most 8 values and no value occurs twice; otherwise normal, with
    /// μ = nₐn_b/2, σ² = nₐn_b/12 · (n + 1 − Σ(t³ − t)/(n(n − 1))) over groups of t tied values, and a continuity correction of ½
    /// (the choice SciPy calls <c>auto</c>). If all values are equal, p = 1.</para>
    /// </summary>
    /// <exception cref="ArgumentException">A group is empty or holds NaN or an infinity.</exception>
    public static MannWhitneyResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Alternative alternative = Alternative.TwoSided)
    {
        Require.Values("Mann–Whitney U test", a);
        Require.Values("Mann–Whitney U test", b);
        var (rankSum, ties) = Rank(a, b);
        double na = a.Length, nb = b.Length;
        double u = rankSum - na * (na + 1) / 2;
        bool exact = ties == 0 && Math.Min(na, nb) <= 8;

        // Each alternative asks for the upper tail of one U; for both sides it is twice the smaller tail.
        double extreme = alternative switch
        {
            Alternative.Greater => u,
            Alternative.Less => na * nb - u,
            _ => Math.Max(u, na * nb - u),
        };
        double tail = exact ? ExactTail((long)extreme, a.Length, b.Length) : NormalTail(extreme, na, nb, ties);
        return new(u, alternative == Alternative.TwoSided ? Math.Min(1, 2 * tail) : tail, alternative, exact);
    }

    /// <summary>The sum of a's ranks (from 1, ties share their mean rank) and Σ(t³ − t) over the ties.</summary>
    static (double RankSum, double Ties) Rank(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] values = [.. a, .. b];
        var isA = new bool[values.Length];
        Array.Fill(isA, true, 0, a.Length);
        Array.Sort(values, isA);

        double rankSum = 0, ties = 0;
        for (int first = 0, next; first < values.Length; first = next)
        {
            int ofA = 0;
            for (next = first; next < values.Length && values[next] == values[first]; next++)
                if (isA[next]) ofA++;
            double t = next - first;
            rankSum += ofA * ((first + 1 + next) / 2.0);
            ties += t * t * t - t;
        }
        return (rankSum, ties);
    }

    /// <summary>P(U ≥ u) from the number of orderings with each U, the coefficients of ∏ (1 − q^(n+i)) / (1 − qⁱ), i = 1 … m.</summary>
    /// <remarks>The distribution is symmetric, so only the orderings with U ≤ mn − u are counted, in whole numbers of any size.</remarks>
    static double ExactTail(long u, int na, int nb)
    {
        int m = Math.Min(na, nb), n = Math.Max(na, nb);
        var ways = new BigInteger[(long)m * n - u + 1];
        ways[0] = 1;
        BigInteger orderings = 1;
        for (int i = 1; i <= m; i++)
        {
            for (long j = ways.Length - 1; j >= n + i; j--) ways[j] -= ways[j - n - i];
            for (long j = i; j < ways.Length; j++) ways[j] += ways[j - i];
            orderings = orderings * (n + i) / i;
        }
        BigInteger extreme = 0;
        foreach (var w in ways) extreme += w;
        return (double)extreme / (double)orderings;
    }

    static double NormalTail(double u, double na, double nb, double ties)
    {
        double n = na + nb;
        double sigma = Math.Sqrt(na * nb / 12 * (n + 1 - ties / (n * (n - 1))));
        double above = u - na * nb / 2 - 0.5;
        return sigma == 0 ? 1 : SpecialFunctions.Erfc(above / sigma / Math.Sqrt(2)) / 2;
    }
}
