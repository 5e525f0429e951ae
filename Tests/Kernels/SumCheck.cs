using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Sums of products by definition, each with Σ|products|: the scale of what rounding can do to it.</summary>
sealed record Sums(double[] Values, double[] Magnitudes)
{
    public Sums(int length) : this(new double[length], new double[length]) { }

    public void Add(int at, double product)
    {
        Values[at] += product;
        Magnitudes[at] += Math.Abs(product);
    }

    /// <summary>|actual − value| ≤ relative·magnitude everywhere; an empty sum is exactly 0, and NaN only equals NaN.</summary>
    public void Check(ReadOnlySpan<float> actual, double relative, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(Values.Length), $"{what}: length");
        for (int i = 0; i < Values.Length; i++)
        {
            double error = Math.Abs(actual[i] - Values[i]), allowed = relative * Magnitudes[i];
            if (!(error <= allowed) && !Values[i].Equals(actual[i]))
                Assert.Fail($"{what}: at [{i}] expected {Values[i]:g9}, got {actual[i]:g9}: off by {error / Magnitudes[i]:g3} of Σ|products|, allowed {relative:g2}");
        }
    }
}
