using MathNet.Numerics.Random;

namespace IlgpuXai.Stats;

/// <summary>A number that compares two groups; its order within a group must not matter.</summary>
public delegate double TwoSampleStatistic(ReadOnlySpan<double> a, ReadOnlySpan<double> b);

/// <summary>The result of a permutation test.</summary>
/// <param name="Permutations">How many splits of the pooled values the p-value counts.</param>
/// <param name="Exact">True if those are all splits there are, false if they were drawn at random.</param>
public sealed record PermutationTestResult(double Statistic, double PValue, Alternative Alternative, int Permutations, bool Exact)
    : TestResult("permutation test", Statistic, PValue, Alternative);

/// <summary>Tests whether two groups come from one distribution, by splitting their pooled values anew (Fisher 1935; Pitman 1937).</summary>
public static class PermutationTest
{
    /// <summary>
    /// The share of splits into groups of the same sizes whose statistic is at least as extreme as the observed one.
    /// <para>All C(nₐ + n_b, nₐ) splits are counted if they are at most <paramref name="resamples"/>: p = count / splits.
    /// Otherwise m = <paramref name="resamples"/> random ones: p = (count + 1) / (m + 1), which is never zero (Phipson and Smyth 2010).
    /// Two-sided p is twice the smaller one-sided p, at most 1.</para>
    /// <para>Statistics that differ by less than 10⁻¹² of the largest one are equal: they differ by the order of summation only.</para>
    /// </summary>
    /// <param name="seed">Fixes the random splits: the same seed gives the same p.</param>
    /// <param name="statistic">By default mean(a) − mean(b).</param>
    /// <exception cref="ArgumentException">A group is empty or holds NaN or an infinity, no resamples are asked for, or the statistic is NaN.</exception>
    public static PermutationTestResult Run(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, int seed, int resamples = 9999,
        Alternative alternative = Alternative.TwoSided, TwoSampleStatistic? statistic = null)
    {
        const string method = "permutation test";
        Require.Values(method, a);
        Require.Values(method, b);
        if (resamples < 1) throw new ArgumentException($"{method}: resamples is {resamples}, expects at least 1");
        statistic ??= (x, y) => Moments.Of(x).MeanMinus(Moments.Of(y));

        double[] pooled = [.. a, .. b];
        bool exact = Splits(pooled.Length, a.Length, resamples) is var splits && splits <= resamples;
        double observed = Defined(statistic(a, b));
        double[] resampled = new double[exact ? (int)splits : resamples];
        if (exact) Enumerate(pooled, a.Length, statistic, resampled);
        else Draw(pooled, a.Length, statistic, new Xoshiro256StarStar(seed, threadSafe: false), resampled);

        double slack = Math.Abs(observed);
        foreach (double s in resampled) slack = Math.Max(slack, Math.Abs(Defined(s)));
        slack = double.IsFinite(slack) ? slack * 1e-12 : 0;
        int less = 0, greater = 0;
        foreach (double s in resampled)
        {
            if (s <= observed + slack) less++;
            if (s >= observed - slack) greater++;
        }
        double one = exact ? 0 : 1, pLess = (less + one) / (resampled.Length + one), pGreater = (greater + one) / (resampled.Length + one);
        double p = alternative switch
        {
            Alternative.Less => pLess,
            Alternative.Greater => pGreater,
            _ => Math.Min(1, 2 * Math.Min(pLess, pGreater)),
        };
        return new(observed, p, alternative, resampled.Length, exact);

        static double Defined(double s) => double.IsNaN(s) ? throw new ArgumentException($"{method}: the statistic is NaN") : s;
    }

    /// <summary>C(n, k), or some number above <paramref name="limit"/> as soon as it exceeds that.</summary>
    static double Splits(int n, int k, int limit)
    {
        k = Math.Min(k, n - k);
        double splits = 1;
        for (int i = 1; i <= k && splits <= limit; i++) splits = Math.Round(splits * (n - k + i) / i);
        return splits;
    }

    /// <summary>The statistic of every split, in lexicographic order of the indices that form group a.</summary>
    static void Enumerate(double[] pooled, int na, TwoSampleStatistic statistic, double[] results)
    {
        int n = pooled.Length;
        int[] chosen = [.. Enumerable.Range(0, na)];
        var split = new double[n];
        for (int r = 0; r < results.Length; r++)
        {
            for (int i = 0, inA = 0, inB = na; i < n; i++)
                split[inA < na && chosen[inA] == i ? inA++ : inB++] = pooled[i];
            results[r] = statistic(split.AsSpan(0, na), split.AsSpan(na));

            int last = na - 1;
            while (last >= 0 && chosen[last] == n - na + last) last--;
            if (last < 0) break;
            chosen[last]++;
            for (int i = last + 1; i < na; i++) chosen[i] = chosen[i - 1] + 1;
        }
    }

    /// <summary>The statistic of random splits: a Fisher–Yates shuffle that stops when group a is full.</summary>
    static void Draw(double[] pooled, int na, TwoSampleStatistic statistic, Xoshiro256StarStar random, double[] results)
    {
        for (int r = 0; r < results.Length; r++)
        {
            for (int i = 0; i < na; i++)
            {
                int j = random.Next(i, pooled.Length);
                (pooled[i], pooled[j]) = (pooled[j], pooled[i]);
            }
            results[r] = statistic(pooled.AsSpan(0, na), pooled.AsSpan(na));
        }
    }
}
