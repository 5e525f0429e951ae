using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ImageResizeTests
{
    static readonly ResizeFilter[] s_antialiased = [ResizeFilter.Box, ResizeFilter.Bilinear, ResizeFilter.Bicubic, ResizeFilter.Lanczos];

    [Test]
    public void Any_size_agrees_with_the_definition()
    {
        var random = new SeededRandom(7);
        for (int i = 0; i < 60; i++)
        {
            int w = Size(), h = Size(), toW = Size(), toH = Size(), c = i % 2 == 0 ? 1 : 3;
            var filter = s_antialiased[random.Below(4)];
            var x = Noise.Picture(w, h, c);
            Assert.That(x.Resize(toW, toH, filter).Bytes.ToArray(), Is.EqualTo(Defined(x, toW, toH, filter)), $"{filter}: {w}×{h}×{c} to {toW}×{toH}");
        }

        // Small and large, one and many vectors.
        int Size() => 1 + random.Below(random.Below(3) == 0 ? 110 : 12);
    }

    /// <summary>Two passes, each: Σ w·v / Σ w with the weights rounded to 2⁻²², the sum rounded half up and clipped to a byte.</summary>
    static byte[] Defined(Image x, int toW, int toH, ResizeFilter filter)
    {
        int c = x.Channels;
        var middle = new byte[x.Height * toW * c];
        for (int row = 0; row < x.Height; row++)
            for (int k = 0; k < c; k++)
            {
                byte[] line = [.. Enumerable.Range(0, x.Width).Select(i => x.Bytes[(row * x.Width + i) * c + k])];
                for (int o = 0; o < toW; o++) middle[(row * toW + o) * c + k] = Sum(line, o, toW, filter);
            }
        var to = new byte[toH * toW * c];
        for (int i = 0; i < toW * c; i++)
        {
            byte[] column = [.. Enumerable.Range(0, x.Height).Select(row => middle[row * toW * c + i])];
            for (int o = 0; o < toH; o++) to[o * toW * c + i] = Sum(column, o, toH, filter);
        }
        return to;
    }

    static byte Sum(byte[] line, int output, int outputs, ResizeFilter filter)
    {
        double scale = (double)line.Length / outputs, stretch = Math.Max(1, scale), centre = (output + 0.5) * scale;
        double reach = stretch * filter switch { ResizeFilter.Box => 0.5, ResizeFilter.Bilinear => 1, ResizeFilter.Bicubic => 2, _ => 3 };
        int first = (int)Math.Max(0, Math.Truncate(centre - reach + 0.5)), end = (int)Math.Min(line.Length, Math.Truncate(centre + reach + 0.5));
        double[] weights = [.. Enumerable.Range(first, end - first).Select(i => Weight(filter, (i - centre + 0.5) / stretch))];
        double total = weights.Sum();
        long sum = weights.Select((w, t) => (long)Math.Round(w / total * (1 << 22), MidpointRounding.AwayFromZero) * line[first + t]).Sum();
        return (byte)Math.Clamp((sum + (1 << 21)) >> 22, 0, 255);
    }

    static double Weight(ResizeFilter filter, double x)
    {
        double a = Math.Abs(x);
        return filter switch
        {
            ResizeFilter.Box => x > -0.5 && x <= 0.5 ? 1 : 0,
            ResizeFilter.Bilinear => a < 1 ? 1 - a : 0,
            ResizeFilter.Bicubic => a < 1 ? 1.5 * a * a * a - 2.5 * a * a + 1 : a < 2 ? -0.5 * a * a * a + 2.5 * a * a - 4 * a + 2 : 0,
            _ => a == 0 ? 1 : a < 3 ? 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x) : 0,
        };
    }

    [Test]
    public void A_window_is_the_same_part_of_the_whole()
    {
        foreach (var (filter, antialias) in s_antialiased.Select(f => (f, true)).Append((ResizeFilter.Nearest, true)).Append((ResizeFilter.Bilinear, false)).Append((ResizeFilter.Bicubic, false)))
            foreach (var (toW, toH) in new[] { (23, 31), (97, 64), (41, 37) })
            {
                var x = Noise.Picture(41, 37, 3);
                var whole = x.Resize(toW, toH, filter, antialias);
                var window = new PixelWindow(5, 9, 17, 11);
                var part = x.Resize(toW, toH, filter, antialias, window);
                Assert.That(part.Bytes.ToArray(), Is.EqualTo(whole.Resize(toW, toH, window: window).Bytes.ToArray()), $"{filter}, {antialias}, {toW}×{toH}");
                Assert.That(part.Bytes[3 * 17 * 2 + 4], Is.EqualTo(whole.Bytes[((9 + 2) * toW + 5 + 1) * 3 + 1]));
            }
    }

    [Test]
    public void A_picture_of_one_value_keeps_it()
    {
        foreach (var filter in Enum.GetValues<ResizeFilter>())
            Assert.That(new Image(13, 57, 1, [.. Enumerable.Repeat((byte)200, 13 * 57)]).Resize(40, 3, filter).Bytes.ToArray(), Is.All.EqualTo(200), $"{filter}");
    }

    [Test]
    public void What_cannot_be_resized_is_said()
    {
        var grey = Noise.Picture(4, 5, 1);
        Assert.That(() => Noise.Picture(4, 5, 4).Resize(2, 2), Throws.ArgumentException.With.Message.EqualTo("resize: 4 channels of 8 bits, 1 or 3 of 8 bits were expected"));
        Assert.That(() => new Image(1, 1, 1, new ushort[1]).Resize(2, 2), Throws.ArgumentException.With.Message.Contains("1 channels of 16 bits"));
        Assert.That(() => grey.Resize(0, 2), Throws.ArgumentException);
        Assert.That(() => grey.Resize(8, 8, window: new(1, 0, 8, 8)), Throws.ArgumentException.With.Message.EqualTo("resize: 8×8 from (1, 0) is no window of 8×8"));
        Assert.That(() => grey.Resize(1 << 20, 1 << 20), Throws.ArgumentException.With.Message.Contains("needs more than"));
        Assert.That(() => grey.Resize(2, 2, ResizeFilter.Box, antialias: false), Throws.ArgumentException.With.Message.EqualTo("resize: Box is always antialiased"));
    }
}
