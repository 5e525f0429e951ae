using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class RenderingTests
{
    // matplotlib 3.6.3: cm.viridis(i), rounded to bytes.
    [TestCase(0, 68, 1, 84), TestCase(31, 71, 44, 122), TestCase(64, 59, 82, 139), TestCase(128, 33, 145, 140), TestCase(200, 112, 207, 87), TestCase(255, 253, 231, 37)]
    public void Viridis_is_the_published_one(int i, int r, int g, int b)
    {
        var c = ColourMap.Viridis[i / 255.0];
        Assert.That((double[])[Math.Abs(c.R - r), Math.Abs(c.G - g), Math.Abs(c.B - b)], Is.All.LessThanOrEqualTo(2), $"{c}");
    }

    [Test]
    public void Jet_follows_its_formula()
    {
        for (int i = 0; i <= 16; i++)
        {
            double t = i / 16.0;
            var c = ColourMap.Jet[t];
            double[] expected = [Tent(4 * t - 3), Tent(4 * t - 2), Tent(4 * t - 1)];
            Close.Check(expected, [c.R / 255.0, c.G / 255.0, c.B / 255.0], 0, 1.0 / 255, $"jet at {t}");
        }
        static double Tent(double x) => Math.Clamp(1.5 - Math.Abs(x), 0, 1);
    }

    [Test]
    public void The_diverging_map_is_near_white_at_zero_blue_below_and_red_above()
    {
        var scale = ColourScale.Symmetric([new Map(1, 3, [-1, 0, 2])]);
        Assert.That(scale, Is.EqualTo(new ColourScale(-2, 2)));
        Assert.That(ColourMap.BlueRed[scale.Position(0)], Is.EqualTo(new Rgb(0xF7, 0xF7, 0xF7)));
        Assert.That(ColourMap.BlueRed[scale.Position(2)], Is.EqualTo(new Rgb(0x67, 0x00, 0x1F)));
        Assert.That(ColourMap.BlueRed[scale.Position(-2)], Is.EqualTo(new Rgb(0x05, 0x30, 0x61)));
    }

    // The engine's bilinear resize is held to its definition and to PyTorch's.
    [TestCase(7, 5, 23, 31), TestCase(1, 3, 4, 6), TestCase(6, 4, 3, 9)]
    public void A_stretched_map_is_the_bilinear_resize(int height, int width, int toHeight, int toWidth)
    {
        var random = new Random(5);
        var map = new Map(height, width, [.. Enumerable.Range(0, height * width).Select(_ => random.NextSingle() - 0.5f)]);
        using var device = new CpuDevice(1);
        using var scope = device.Scope();
        float[] expected = device.Tensor([height, width], map.Values).Resize(new(toHeight, toWidth)).ToArray();
        var stretched = Render.Stretch(map, toHeight, toWidth);
        Assert.That((stretched.Height, stretched.Width), Is.EqualTo((toHeight, toWidth)));
        Close.Check([.. expected.Select(v => (double)v)], stretched.Values, 0, 1e-6, "stretched");
    }

    [Test]
    public void A_heat_map_has_the_colour_of_each_value()
    {
        var picture = Render.HeatMap(new Map(2, 3, [0, 1, 2, 3, 4, float.NaN]), ColourMap.Grey, new(0, 3));
        Assert.That(picture.Bytes.ToArray(), Is.EqualTo((byte[])[0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255, 255, 255, 255, 0, 255, 0]), "beyond the scale: its end; NaN: green");
    }

    [Test]
    public void One_scale_serves_several_maps()
    {
        Map[] maps = [new(1, 2, [1, 5]), new(2, 1, [-3, 2])];
        Assert.That(ColourScale.Range(maps), Is.EqualTo(new ColourScale(-3, 5)));
        Assert.That(ColourScale.Symmetric(maps), Is.EqualTo(new ColourScale(-5, 5)));
        Assert.That(ColourScale.Symmetric(maps, 0.75), Is.EqualTo(new ColourScale(-3, 3)), "three of four values are within");
        Assert.That(new ColourScale(4, 4).Position(4), Is.EqualTo(0.5), "a flat map takes the middle colour");
    }

    [Test]
    public void An_overlay_mixes_grey_and_colour_and_shows_the_image_where_a_diverging_map_is_zero()
    {
        var image = Render.Image([1, 0, 0.2f, 0, 1, 0.2f, 0, 0, 0.2f], 3, 1, 3);         // red, green, dark grey
        var overlay = Render.Overlay(image, new Map(1, 3, [2, 0, -1]), ColourMap.BlueRed, new(-2, 2), 0.5);
        Assert.That(overlay[0, 0], Is.EqualTo(new Rgb(78, 27, 42)), "half of luma 54, half of #67001F");
        Assert.That(overlay[1, 0], Is.EqualTo(new Rgb(182, 182, 182)), "zero: luma of green, nothing else");
        // #92C5DE lies at t = 0.3 and #4393C3 at 0.2: at 0.25 their middle; weight 0.25
        Assert.That(overlay[2, 0], Is.EqualTo(Rgb.Mix(new(51, 51, 51), ColourMap.BlueRed[0.25], 0.25)));
        var flat = Render.Overlay(image, new Map(1, 3, [0, 0, 0]), ColourMap.Grey, new(0, 1), 1);
        Assert.That(flat[0, 0], Is.EqualTo(new Rgb(0, 0, 0)), "a map from dark to light covers everywhere");
    }

    [Test]
    public void Enlarging_repeats_pixels()
    {
        var picture = Render.Enlarge(Render.HeatMap(new Map(1, 2, [0, 1]), ColourMap.Grey, new(0, 1)), 2);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((4, 2)));
        for (int y = 0; y < 2; y++) for (int x = 0; x < 4; x++) Assert.That(picture[x, y].R, Is.EqualTo(x < 2 ? 0 : 255));
    }

    [Test]
    public void Rendering_leaves_the_map_alone()
    {
        float[] values = [3, -1, 2, 0];
        Render.HeatMap(new Map(2, 2, values), ColourMap.Viridis, new(0, 1));
        Assert.That(values, Is.EqualTo((float[])[3, -1, 2, 0]));
    }

    [Test]
    public void Sizes_that_differ_are_refused() =>
        Assert.That(() => Render.Overlay(new Picture(2, 3), new Map(2, 3, new float[6]), ColourMap.Grey, new(0, 1), 0.5),
            Throws.ArgumentException.With.Message.EqualTo("overlay: a map of 3×2 on a picture of 2×3"));
}
