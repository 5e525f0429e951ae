using System.Text.Json;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class PreprocessingTests
{
    static IEnumerable<string> PresetNames() => Preprocessing.Presets.Select(p => p.Name);

    [TestCaseSource(nameof(PresetNames))]
    public void A_preset_is_its_name(string name) => Assert.That(Preprocessing.Parse(name).ToString(), Is.EqualTo(name));

    [TestCase("imagenet,resize=232", "none,resize=232,crop=224,mean=0.485/0.456/0.406,std=0.229/0.224/0.225")]
    [TestCase("Mnist , invert = yes", "none,resize=28x28,colours=grey,invert=yes")]
    [TestCase("resize=20x30,crop=7x9,filter=bicubic,antialias=no", "none,resize=20x30,crop=7x9,filter=bicubic,antialias=no")]
    [TestCase("caffe,resize=no,crop=no,mean=1e-3", "none,bgr=yes,divide=1,mean=0.001")]
    [TestCase("imagenet,resize=256", "imagenet")]
    public void Text_comes_back_with_what_differs(string text, string canonical)
    {
        var p = Preprocessing.Parse(text);
        Assert.That(p.ToString(), Is.EqualTo(canonical));
        Assert.That(Preprocessing.Parse(canonical), Is.EqualTo(p));
        Assert.That(JsonSerializer.Deserialize<Preprocessing>(JsonSerializer.Serialize(p)), Is.EqualTo(p));
    }

    [TestCase("imagnet", "'imagnet' is no preset; there are none, imagenet, caffe, tf, cifar10, mnist")]
    [TestCase("none,224", "'224' is no key=value")]
    [TestCase("imagenet,size=3", "'size' is no key; there are resize, crop,")]
    [TestCase("resize=0", "resize '0': the length of the shorter side, WIDTHxHEIGHT or no was expected")]
    [TestCase("resize=3x", "resize '3x': ")]
    [TestCase("crop=1x2x3", "crop '1x2x3': ")]
    [TestCase("filter=1", "filter '1': nearest, box, bilinear, bicubic, lanczos was expected")]
    [TestCase("filter=cubic", "filter 'cubic': ")]
    [TestCase("antialias=true", "antialias 'true': yes or no was expected")]
    [TestCase("std=0", "std '0': one number above 0, or one per channel (a/b/c) was expected")]
    [TestCase("mean=nan", "mean 'nan': ")]
    [TestCase("mean=1/2", "mean '1/2': ")]
    [TestCase("divide=-1", "divide '-1': a number above 0 was expected")]
    [TestCase("filter=box,antialias=no", "box and lanczos are always antialiased")]
    [TestCase("", "'' is no preset")]
    public void What_is_wrong_with_a_text_is_one_line(string text, string expected)
    {
        Assert.That(() => Preprocessing.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"preprocessing '{text}': ").And.Message.Contains(expected).And.Message.Not.Contains("\n"));
        Assert.That(() => JsonSerializer.Deserialize<Preprocessing>(JsonSerializer.Serialize(text)), Throws.InstanceOf<JsonException>());
    }

    [TestCaseSource(nameof(PresetNames))]
    public void Normalised_values_come_back_as_the_picture(string name)
    {
        var p = Preprocessing.Parse(name);
        var input = p.Apply(Noise.Picture(61, 43, 3));
        var back = p.Values.Invert(input.Values, p.Channels, input.Picture.Height, input.Picture.Width);
        Assert.That(back.Bytes.ToArray(), Is.EqualTo(input.Picture.Bytes.ToArray()));
        Assert.That((input.Picture.Width, input.Picture.Height), Is.EqualTo(p.SizeOf(61, 43)));
        Assert.That(input.Values, Has.Length.EqualTo(input.Picture.Bytes.Length));
    }

    [Test]
    public void Values_beyond_the_range_are_clipped_when_they_are_shown() =>
        Assert.That(Normalisation.Unit.Invert([-1, 2, float.NaN, 0.5f], 1, 1, 4).Bytes.ToArray(), Is.EqualTo(new byte[] { 0, 255, 0, 128 }));

    [Test]
    public void Grey_becomes_three_equal_channels_before_or_after_resizing()
    {
        var grey = Noise.Picture(50, 31, 1);
        Assert.That(Preprocessing.ImageNet.Picture(grey).Bytes.ToArray(), Is.EqualTo(Preprocessing.ImageNet.Picture(grey.ToRgb()).Bytes.ToArray()));
    }

    [Test]
    public void Caffe_puts_blue_first()
    {
        var p = Preprocessing.Parse("caffe,resize=no,crop=no");
        Close.Check([30 - 103.939, 20 - 116.779, 10 - 123.68], p.Apply(new(1, 1, 3, new byte[] { 10, 20, 30 })).Values, 1e-6, 0, "b g r");
    }

    [Test]
    public void Sixteen_bits_and_transparency_are_told()
    {
        var input = Preprocessing.Mnist.Apply(new(56, 42, 4, new ushort[56 * 42 * 4]));
        Assert.That(input.Note, Is.EqualTo("rounded from 16 bits to 8, transparency dropped, turned grey, resized from 56×42 to 28×28"));
    }

    [TestCase("imagenet", 500, 375, "resized from 500×375 to 341×256, cropped to 224×224")]
    [TestCase("imagenet,crop=300", 500, 375, "resized from 500×375 to 341×256, cropped to 300×300")]
    [TestCase("none,crop=80", 50, 37, "padded to 80×80")]
    [TestCase("none", 50, 37, null)]
    [TestCase("cifar10", 32, 32, null)]
    public void What_was_done_is_told(string text, int width, int height, string? note) =>
        Assert.That(Preprocessing.Parse(text).Apply(Noise.Picture(width, height, 3)).Note, Is.EqualTo(note));

    [Test]
    public void A_dark_digit_on_white_is_turned_round()
    {
        var p = Preprocessing.Mnist with { Invert = true };
        Assert.That(p.Apply(new(28, 28, 1, [.. Enumerable.Repeat((byte)255, 784)])).Values, Is.All.EqualTo(0f));
    }

    [Test]
    public void A_thin_strip_costs_only_what_the_crop_needs()
    {
        var input = Preprocessing.ImageNet.Apply(Noise.Picture(1, 20000, 3));
        Assert.That((input.Picture.Width, input.Picture.Height), Is.EqualTo((224, 224)));
        Assert.That(input.Note, Is.EqualTo("resized from 1×20000 to 256×5120000, cropped to 224×224"));
    }

    [Test]
    public void A_file_that_would_become_too_large_is_named()
    {
        using var folder = new TempFolder();
        string path = folder.Write("strip.png", PngFile.Encode(Noise.Picture(1, 20000, 1)));
        Assert.That(() => Preprocessing.Parse("none,resize=256").Read(path), Throws.TypeOf<DataException>().With.Message.StartsWith($"{path}: resize: 1×20000 to 256×5120000 needs more than"));
        Assert.That(Preprocessing.Mnist.Read(path).Values, Has.Length.EqualTo(784));
    }
}
