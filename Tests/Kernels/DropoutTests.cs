using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class DropoutTests(string deviceName) : DeviceTests(deviceName)
{
    [TestCase(1, 0.5f), TestCase(2, 0.5f), TestCase(3, 0.25f), TestCase(1030, 0.25f), TestCase(517, 0.9f), TestCase(0, 0.5f)]
    public void Element_i_takes_word_i_mod_4_of_block_i_over_4(int count, float rate)
    {
        var draw = new DropoutDraw(rate, Seed: 0x123456789abcdef0, Stream: 0xfedcba9876543210);
        double[] x = Draw.Uniform(new Random(1), count), expected = new double[count];
        for (int i = 0; i < count; i++)
        {
            var block = Philox.Block((ulong)i / 4, draw.Stream, draw.Seed);
            uint word = (i % 4) switch { 0 => block.Word0, 1 => block.Word1, 2 => block.Word2, _ => block.Word3 };
            expected[i] = word / 4294967296.0 >= rate ? x[i] / (1 - (double)rate) : 0;
        }
        var y = Fresh(count);
        Device.Dropout.Apply(On(x), y, draw);
        Close.Check(expected, Read(y), 2e-7, 0, "y");
    }

    [Test]
    public void The_share_dropped_is_the_rate_and_other_streams_and_seeds_drop_others()
    {
        const int count = 10_000;
        float[] ones = [.. Enumerable.Repeat(1f, count)];
        float[] first = Dropped(new(0.3f, 5, 7)), again = Dropped(new(0.3f, 5, 7)), stream = Dropped(new(0.3f, 5, 8)), seed = Dropped(new(0.3f, 6, 7));
        Assert.That(first.Count(v => v == 0), Is.EqualTo(3000).Within(5 * Math.Sqrt(count * 0.3 * 0.7)));
        Assert.That(again, Is.EqualTo(first));
        foreach (var other in new[] { stream, seed })
            Assert.That(first.Zip(other).Count(p => p.First == 0 && p.Second == 0), Is.EqualTo(900).Within(5 * Math.Sqrt(count * 0.09 * 0.91)), "dropped in both");

        float[] Dropped(DropoutDraw draw)
        {
            var y = Fresh(count);
            Device.Dropout.Apply(On(ones), y, draw);
            return Read(y);
        }
    }

    [Test]
    public void Rate_0_keeps_everything_and_a_dropped_NaN_is_0()
    {
        float[] x = [1.5f, float.NaN, float.PositiveInfinity, -2];
        var y = Fresh(4);
        Device.Dropout.Apply(On(x), y, new(0, 1, 2));
        Assert.That(Read(y), Is.EqualTo(x));
        var nans = On([.. Enumerable.Repeat(float.NaN, 64)]);
        Device.Dropout.Apply(nans, nans, new(0.5f, 1, 2));
        Assert.That(Read(nans).Count(float.IsNaN), Is.InRange(16, 48));
        Assert.That(Read(nans).Where(v => !float.IsNaN(v)), Is.All.EqualTo(0f));
    }

    [TestCase(1f), TestCase(-0.1f), TestCase(float.NaN)]
    public void Other_rates_are_refused(float rate) =>
        Assert.That(() => Device.Dropout.Apply(On(1f), Fresh(1), new(rate, 1, 2)), Throws.ArgumentException.With.Message.Contains("must be at least 0 and below 1"));
}
