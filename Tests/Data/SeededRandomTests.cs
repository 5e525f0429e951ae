using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class SeededRandomTests
{
    // The same definition in Python's unbounded integers gave these words.
    [TestCase(0UL, new ulong[] { }, 0xfb5405f7bd79c540UL, 0x780c98e26cea5883UL, 0x2a146e0980febc66UL)]
    [TestCase(42UL, new ulong[] { }, 0x19e479e2aaa77bfbUL, 0x5e3efe753be27527UL, 0xc3ed7125b780200aUL)]
    [TestCase(42UL, new ulong[] { 0 }, 0xc986fd807e5b8ab5UL, 0xe071ea15f19664d1UL, 0x728624137f1e7291UL)]
    [TestCase(42UL, new ulong[] { 1, 7 }, 0x82bbf3b774acc494UL, 0x654cd95c20b3c98UL, 0xf8aed4941bd23d81UL)]
    [TestCase(ulong.MaxValue, new ulong[] { 3 }, 0x4c4b702cfaf6a799UL, 0x623be6e194cd0721UL, 0xb103f15225198e3bUL)]
    public void A_seed_and_stream_always_give_the_same_words(ulong seed, ulong[] stream, ulong a, ulong b, ulong c)
    {
        var random = new SeededRandom(seed, stream);
        Assert.That(new[] { random.NextWord(), random.NextWord(), random.NextWord() }, Is.EqualTo(new[] { a, b, c }));
    }

    [Test]
    public void Every_remainder_is_equally_likely()
    {
        var random = new SeededRandom(5);
        var counts = new int[7];
        for (int i = 0; i < 70_000; i++) counts[random.Below(7)]++;
        double chi2 = counts.Sum(c => (c - 10_000.0) * (c - 10_000) / 10_000);
        Assert.That(chi2, Is.LessThan(22.5));                        // 99.9 % point of chi-squared with 6 degrees of freedom
    }

    [Test]
    public void Uniform_and_bell_numbers_have_their_moments_and_ranges()
    {
        var random = new SeededRandom(6);
        double sum = 0, sum2 = 0, bell = 0, bell2 = 0;
        const int n = 100_000;
        for (int i = 0; i < n; i++)
        {
            double u = random.NextDouble(), b = random.NextBell();
            Assert.That(u is >= 0 and < 1 && Math.Abs(b) <= 3.4642, Is.True);
            (sum, sum2, bell, bell2) = (sum + u, sum2 + u * u, bell + b, bell2 + b * b);
        }
        Assert.That(sum / n, Is.EqualTo(0.5).Within(0.004));
        Assert.That(sum2 / n, Is.EqualTo(1 / 3.0).Within(0.004));
        Assert.That(bell / n, Is.EqualTo(0).Within(0.013));
        Assert.That(bell2 / n, Is.EqualTo(1).Within(0.018));
    }
}
