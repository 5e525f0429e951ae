using NUnit.Framework;

namespace IlgpuXai.Tests;

static class Close
{
    /// <summary>|actual − expected| ≤ atol + rtol·|expected| for every element; NaN only equals NaN.</summary>
    public static void Check(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double rtol, double atol, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), $"{what}: length");
        int bad = 0, worst = -1;
        double worstExcess = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i], diff = Math.Abs(a - e), allowed = atol + rtol * Math.Abs(e);
            if (diff <= allowed || e.Equals(a)) continue;            // a NaN that was not expected fails both
            bad++;
            double excess = double.IsNaN(diff) ? double.PositiveInfinity : diff / allowed;
            if (excess > worstExcess) (worstExcess, worst) = (excess, i);
        }
        if (bad > 0)
            Assert.Fail($"{what}: {bad} of {expected.Length} values differ; worst at [{worst}]: expected {expected[worst]:g9}, got {actual[worst]:g9} (rtol {rtol:g2}, atol {atol:g2})");
    }

    public static void Check(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double rtol, double atol, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), $"{what}: length");
        for (int i = 0; i < expected.Length; i++)
        {
            double diff = Math.Abs(actual[i] - expected[i]), allowed = atol + rtol * Math.Abs(expected[i]);
            if (!(diff <= allowed) && !expected[i].Equals(actual[i]))
                Assert.Fail($"{what}: at [{i}] expected {expected[i]:r}, got {actual[i]:r} (rtol {rtol:g2}, atol {atol:g2})");
        }
    }
}

public class CloseTests
{
    [Test]
    public void NaN_never_passes() =>
        Assert.That(() => Close.Check([1.0], [float.NaN], 1, 1, "x"), Throws.InstanceOf<AssertionException>());

    [Test]
    public void A_difference_beyond_the_tolerance_fails() =>
        Assert.That(() => Close.Check([1.0], [1.01f], 1e-3, 0, "x"), Throws.InstanceOf<AssertionException>());
}
