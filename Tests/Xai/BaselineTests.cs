using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class BaselineTests
{
    static readonly float[] s_image = [0, 1, 2, 3, 4, 5, 10, 10, 10, 10, 10, 16];       // [2, 2, 3]

    [Test]
    public void The_mean_is_taken_channel_by_channel() =>
        Assert.That(new Baseline.Mean().For(s_image, 2, 2, 3), Is.EqualTo((float[])[2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 11, 11, 11, 11, 11, 11]));

    [Test]
    public void One_value_per_channel_fills_its_channel() =>
        Assert.That(new Baseline.PerChannel(0.5f, -1).For(s_image, 2, 2, 3), Is.EqualTo((float[])[0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, -1, -1, -1, -1, -1, -1]));

    [Test]
    public void A_blur_leaves_a_constant_image_as_it_is() =>
        Close.Check([.. Enumerable.Repeat(0.3, 35)], new Baseline.Blur(2).For([.. Enumerable.Repeat(0.3f, 35)], 1, 5, 7), 1e-6, 0, "constant");

    [Test]
    public void A_blur_is_the_two_dimensional_Gaussian_sum()
    {
        const int h = 4, w = 6;
        const double sigma = 0.8;
        var random = new Random(4);
        float[] image = [.. Enumerable.Range(0, 2 * h * w).Select(_ => random.NextSingle())];
        var expected = new double[image.Length];
        int r = (int)Math.Ceiling(4 * sigma);
        for (int i = 0; i < expected.Length; i++)
        {
            double sum = 0, weights = 0;
            for (int a = -r; a <= r; a++)
                for (int b = -r; b <= r; b++)
                {
                    int y = Math.Clamp(i / w % h + a, 0, h - 1), x = Math.Clamp(i % w + b, 0, w - 1);
                    double g = Math.Exp(-(a * a + b * b) / (2 * sigma * sigma));
                    sum += g * image[i / (h * w) * h * w + y * w + x];
                    weights += g;
                }
            expected[i] = sum / weights;
        }
        Close.Check(expected, new Baseline.Blur(sigma).For(image, 2, h, w), 0, 1e-7, "blur");
    }

    [TestCase("0"), TestCase("0.25"), TestCase("-1.5"), TestCase("mean"), TestCase("blur:3"), TestCase("0.485,0.456,0.406")]
    public void What_is_written_reads_back(string text) => Assert.That(Baseline.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase(""), TestCase("black"), TestCase("blur:0"), TestCase("blur:x"), TestCase("1,,2"), TestCase("NaN"), TestCase("1e99")]
    public void Anything_else_is_refused(string text) => Assert.That(() => Baseline.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains($"baseline '{text}'"));

    [Test]
    public void Equal_settings_are_equal() => Assert.That(Baseline.Parse("1,2"), Is.EqualTo(new Baseline.PerChannel(1, 2)).And.Not.EqualTo(new Baseline.PerChannel(2, 1)));
}
