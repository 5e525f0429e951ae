using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class DescriptiveTests
{
    public record Golden(string Name, double[] Values, double Mean, double Variance, double Sem, double Median, double[] Probabilities, double[] Quantiles, double Low, double High);
    public record Nist(string Name, double[] Values, double Mean, double Deviation);

    static IEnumerable<TestCaseData> Samples => Goldens.Cases<Golden>("descriptive", g => $"{g.Name}, {g.Values.Length} values");
    static IEnumerable<TestCaseData> NistSets => Goldens.Cases<Nist>("nist", g => g.Name);

    [TestCaseSource(nameof(Samples))]
    public void Agrees_with_NumPy_and_SciPy(Golden g)
    {
        // NumPy's own two-pass variance is good to about 1e-14 of it, also at an offset of 1e9: the deviations are exact there.
        Goldens.Near(g.Mean, Descriptive.Mean(g.Values), 1e-14, "mean");
        Goldens.Near(g.Variance, Descriptive.Variance(g.Values), 1e-12, "variance");
        Goldens.Near(Math.Sqrt(g.Variance), Descriptive.StandardDeviation(g.Values), 1e-12, "standard deviation");
        Goldens.Near(g.Sem, Descriptive.StandardError(g.Values), 1e-12, "standard error");
        Goldens.Near(g.Median, Descriptive.Median(g.Values), 1e-15, "median");
        Close.Check(g.Quantiles, Descriptive.Quantiles(g.Values, g.Probabilities), 1e-15, 1e-15, "quantiles");
        var interval = Descriptive.MeanInterval(g.Values);
        Close.Check([g.Low, g.High], [interval.Lower, interval.Upper], 1e-12, 1e-12, "interval of the mean");
    }

    // Digits lost are digits the values lose on their way to double: 1000000.1 is stored to 1e-16·1e6, its deviation 0.1 to nine digits fewer.
    static readonly Dictionary<string, (double Mean, double Deviation)> Digits = new()
    {
        ["Lottery"] = (15, 15), ["Lew"] = (15, 15), ["Mavro"] = (15, 12.5), ["Michelso"] = (15, 13.5),
        ["NumAcc1"] = (15, 15), ["NumAcc2"] = (15, 15), ["NumAcc3"] = (15, 9.4), ["NumAcc4"] = (15, 8.2),
    };

    [TestCaseSource(nameof(NistSets))]
    public void Agrees_with_NISTs_certified_values_to_the_digits_stated(Nist g)
    {
        var (mean, deviation) = Digits[g.Name];
        Assert.That(DigitsOfAgreement(Descriptive.Mean(g.Values), g.Mean), Is.GreaterThanOrEqualTo(mean), "mean");
        Assert.That(DigitsOfAgreement(Descriptive.StandardDeviation(g.Values), g.Deviation), Is.GreaterThanOrEqualTo(deviation), "standard deviation");
    }

    /// <summary>−log₁₀ of the relative error, at most the 15 digits NIST certifies.</summary>
    static double DigitsOfAgreement(double actual, double certified) =>
        actual == certified ? 15 : Math.Min(15, -Math.Log10(Math.Abs((actual - certified) / certified)));

    [Test]
    public void Equal_values_have_no_variance_at_all([Values(0.1, 1e17, -3.3e-300, 7)] double value, [Values(2, 3, 10, 1001)] int n)
    {
        double[] values = [.. Enumerable.Repeat(value, n)];
        Assert.That(Descriptive.Mean(values), Is.EqualTo(value));
        Assert.That(Descriptive.Variance(values), Is.Zero);
        Assert.That(Descriptive.MeanInterval(values), Is.EqualTo(new Interval(value, value, 0.95)));
    }

    [Test]
    public void A_single_value_is_its_own_mean_median_and_quantile()
    {
        Assert.That(Descriptive.Mean([3.5]), Is.EqualTo(3.5));
        Assert.That(Descriptive.Median([3.5]), Is.EqualTo(3.5));
        Assert.That(Descriptive.Quantile([3.5], 0.2), Is.EqualTo(3.5));
    }

    [Test]
    public void A_summary_puts_the_same_numbers_in_one_row()
    {
        double[] x = [4, 1, 7, 2, 11];
        var s = Summary.Of(x, 0.9);
        Assert.That((s.Count, s.Mean, s.Minimum, s.LowerQuartile, s.Median, s.UpperQuartile, s.Maximum), Is.EqualTo((5, 5.0, 1.0, 2.0, 4.0, 7.0, 11.0)));
        Assert.That((s.StandardDeviation, s.StandardError), Is.EqualTo((Descriptive.StandardDeviation(x), Descriptive.StandardError(x))));
        Assert.That(s.MeanInterval, Is.EqualTo(Descriptive.MeanInterval(x, 0.9)));
    }

    [Test]
    public void Bad_input_is_refused_with_one_clear_line()
    {
        double[] empty = [], one = [1], holed = [1, 2, double.NaN], infinite = [double.PositiveInfinity, 1];
        Assert.That(() => Descriptive.Mean(empty), Throws.ArgumentException.With.Message.EqualTo("mean: values has 0 values, needs at least 1"));
        Assert.That(() => Descriptive.Variance(one), Throws.ArgumentException.With.Message.EqualTo("variance: values has 1 value, needs at least 2"));
        Assert.That(() => Descriptive.Median(holed), Throws.ArgumentException.With.Message.EqualTo("median: values[2] is NaN, expects finite numbers"));
        Assert.That(() => Summary.Of(infinite), Throws.ArgumentException.With.Message.EqualTo("summary: values[0] is Infinity, expects finite numbers"));
        Assert.That(() => Descriptive.Quantile([1, 2], 1.5), Throws.ArgumentException.With.Message.EqualTo("quantile: p is 1.5, expects a number from 0 to 1"));
        Assert.That(() => Descriptive.MeanInterval([1, 2], 95), Throws.ArgumentException.With.Message.EqualTo("confidence interval of the mean: confidence is 95, expects a number between 0 and 1"));
    }
}
