using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ImageTests
{
    [Test]
    public void Planes_are_channels_first_and_in_zero_to_one()
    {
        var image = new Image(3, 1, 2, new byte[] { 0, 10, 20, 30, 40, 255 });
        Close.Check([0, 20 / 255.0, 40 / 255.0, 10 / 255.0, 30 / 255.0, 1], image.ToPlanes(), 1e-7, 0, "8 bits");
        Close.Check([0, 20 / 65535.0, 10 / 65535.0, 1], new Image(1, 2, 2, new ushort[] { 0, 10, 20, 65535 }).ToPlanes(), 1e-7, 0, "16 bits");
    }

    [Test]
    public void Planes_become_a_picture_and_come_back()
    {
        byte[] samples = [.. Enumerable.Range(0, 2 * 5 * 3).Select(i => (byte)(i * 8))];
        var image = new Image(5, 2, 3, samples);
        Assert.That(Image.FromPlanes(image.ToPlanes(), 3, 2, 5).Bytes.ToArray(), Is.EqualTo(samples));
        Assert.That(Image.FromPlanes([-1, 2, float.NaN, 0.5f], 1, 1, 4).Bytes.ToArray(), Is.EqualTo(new byte[] { 0, 255, 0, 128 }));
    }

    [Test]
    public void Sixteen_bits_are_rounded_to_eight()
    {
        ushort[] words = [0, 128, 129, 256, 32767, 32768, 65406, 65407, 65535];
        byte[] expected = [.. words.Select(w => (byte)Math.Round(w * 255.0 / 65535, MidpointRounding.AwayFromZero))];
        Assert.That(new Image(9, 1, 1, words).To8Bit().Bytes.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Samples_that_do_not_fit_are_refused()
    {
        Assert.That(() => new Image(2, 3, 3, new byte[17]), Throws.ArgumentException.With.Message.EqualTo("image: 2×3 with 3 channels needs 18 samples, got 17"));
        Assert.That(() => new Image(2, 3, 5, new byte[30]), Throws.ArgumentException);
        Assert.That(() => new Image(0, 3, 1, Array.Empty<byte>()), Throws.ArgumentException);
        Assert.That(() => new Image(1, 1, 1, new ushort[1]).Bytes.Length, Throws.InvalidOperationException);
    }
}
