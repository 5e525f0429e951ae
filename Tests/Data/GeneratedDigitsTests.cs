using System.Security.Cryptography;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class GeneratedDigitsTests
{
    static byte[] Bytes(ImageSet set) => [.. Enumerable.Range(0, set.Count).SelectMany(i => set.Pixels(i).ToArray())];

    [Test]
    public void A_seed_gives_the_same_bytes_on_every_machine() =>
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Bytes(GeneratedDigits.Create(1000, 7, Split.Train)))), Is.EqualTo("de11345cf6c7ef245d209b29f253f70e6192bbbfa121d265672969190e9517f4"));

    [Test]
    public void A_longer_set_begins_with_the_shorter()
    {
        byte[] longer = Bytes(GeneratedDigits.Create(37, 3, Split.Test)), shorter = Bytes(GeneratedDigits.Create(12, 3, Split.Test));
        Assert.That(longer.AsSpan(0, shorter.Length).SequenceEqual(shorter), Is.True);
    }

    [Test]
    public void Splits_and_seeds_share_no_image()
    {
        var seen = new HashSet<string>();
        foreach (ImageSet set in new[] { GeneratedDigits.Create(300, 1, Split.Train), GeneratedDigits.Create(300, 1, Split.Test), GeneratedDigits.Create(300, 2, Split.Train) })
            for (int i = 0; i < set.Count; i++) Assert.That(seen.Add(Convert.ToHexString(set.Pixels(i))), Is.True);
    }

    [Test]
    public void Labels_are_balanced()
    {
        ImageSet set = GeneratedDigits.Create(1000, 4, Split.Train);
        for (int digit = 0; digit < 10; digit++) Assert.That(set.IndicesOf(digit), Has.Length.EqualTo(100));
        Assert.That(GeneratedDigits.Create(0, 4, Split.Train).Count, Is.Zero);
    }

    // MNIST's conventions: ink within a 20×20 box, its centre of mass within a pixel of the middle, black around it.
    [Test]
    public void Every_digit_is_boxed_and_centred()
    {
        ImageSet set = GeneratedDigits.Create(500, 5, Split.Train);
        for (int i = 0; i < set.Count; i++)
        {
            int top = 28, bottom = -1, left = 28, right = -1;
            double mass = 0, mx = 0, my = 0;
            ReadOnlySpan<byte> image = set.Pixels(i);
            for (int p = 0; p < 784; p++)
            {
                (int row, int column, double ink) = (p / 28, p % 28, image[p]);
                (mass, mx, my) = (mass + ink, mx + ink * (column + 0.5), my + ink * (row + 0.5));
                if (ink < 128) continue;
                (top, bottom, left, right) = (Math.Min(top, row), Math.Max(bottom, row), Math.Min(left, column), Math.Max(right, column));
            }
            Assert.That(Math.Max(bottom - top, right - left) + 1, Is.InRange(19, 21), $"box of image {i}");
            Assert.That(mx / mass, Is.EqualTo(14).Within(0.51), $"column of the centre of image {i}");
            Assert.That(my / mass, Is.EqualTo(14).Within(0.51), $"row of the centre of image {i}");
        }
    }

    // The nearest of 10,000 real digits has the right label for 95 % of other real ones. A convolutional network trained on the real training set knows 99 % of the generated ones.
    [Test]
    public void The_nearest_real_digit_has_the_same_label()
    {
        ImageSet real = IdxFolder.Read(SharedFiles.Data("mnist"), Split.Test), made = GeneratedDigits.Create(300, 8, Split.Test);
        int right = 0;
        for (int i = 0; i < made.Count; i++)
        {
            (int nearest, int least) = (-1, int.MaxValue);
            for (int k = 0; k < real.Count; k++)
            {
                int distance = Distance(made.Pixels(i), real.Pixels(k), least);
                if (distance < least) (nearest, least) = (k, distance);
            }
            if (real.Labels[nearest] == made.Labels[i]) right++;
        }
        Assert.That(right, Is.GreaterThanOrEqualTo(270));
    }

    static int Distance(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int enough)
    {
        int sum = 0;
        for (int p = 0; p < a.Length && sum < enough; p++) sum += (a[p] - b[p]) * (a[p] - b[p]);
        return sum;
    }
}
