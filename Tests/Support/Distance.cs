using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>‖actual − expected‖₂ / ‖expected‖₂: what a network's results are compared by, where single numbers may cancel.</summary>
static class Distance
{
    public static double Relative(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), "length");
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return Math.Sqrt(difference / norm);
    }

    /// <summary>A NaN on either side fails.</summary>
    public static void Check(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double most, string what)
    {
        double distance = Relative(expected, actual);
        TestContext.Out.WriteLine($"{what}: {distance:g3}");
        Assert.That(distance <= most, Is.True, $"{what}: relative distance {distance:g3}, allowed {most:g2}");
    }
}
