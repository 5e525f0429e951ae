using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What Pillow, torchvision and PyTorch made of the same pictures: Goldens/make_preprocessing.py.</summary>
public class PreprocessingGoldenTests
{
    static readonly IReadOnlyDictionary<string, NpyArray> s_goldens = Npz.Read(DataGoldens.File("preprocessing.npz"));

    static IEnumerable<string> Named(string kind) => s_goldens.Keys.Where(k => k.StartsWith(kind + " ", StringComparison.Ordinal));

    static IEnumerable<string> Pil() => Named("pil");
    static IEnumerable<string> Torch() => Named("torch");
    static IEnumerable<string> Pipelines() => Named("imagenet");
    static IEnumerable<string> Conversions() => Named("convert");

    /// <summary>A name's parts: what, width, height, three numbers, a word.</summary>
    sealed record Case(int Width, int Height, int A, int B, int C, string Word)
    {
        public static Case Of(string name)
        {
            string[] words = name.Split(' ');
            int[] n = [.. words[1..^1].Select(int.Parse), 0, 0];
            return new(n[0], n[1], n[2], n[3], n[4], words[^1]);
        }

        public ResizeFilter Filter => Enum.Parse<ResizeFilter>(Word, ignoreCase: true);
    }

    [TestCaseSource(nameof(Pil))]
    public void A_resize_gives_the_bytes_of_Pillow(string name)
    {
        var (w, h, c, toW, toH, _) = Case.Of(name);
        var resized = Noise.Picture(w, h, c).Resize(toW, toH, Case.Of(name).Filter);
        Assert.That(new[] { resized.Height, resized.Width, resized.Channels }, Is.EqualTo(s_goldens[name].Shape));
        Assert.That(resized.Bytes.ToArray(), Is.EqualTo(s_goldens[name].As<byte>()));
    }

    // PyTorch's own values are off by a few 1e-4 (coordinates in float32): where the exact one lies half way between two bytes, either may come out.
    [TestCaseSource(nameof(Torch))]
    public void A_resize_without_antialiasing_is_PyTorchs_rounded(string name)
    {
        var (w, h, c, toW, toH, _) = Case.Of(name);
        var resized = Noise.Picture(w, h, c).Resize(toW, toH, Case.Of(name).Filter, antialias: false);
        Close.Check(s_goldens[name].ToDoubles(), Array.ConvertAll(resized.Bytes.ToArray(), b => (float)b), 0, 0.501, name);
    }

    [TestCaseSource(nameof(Pipelines))]
    public void Resize_crop_and_normalise_give_the_bits_of_torchvision(string name)
    {
        var (w, h, size, cropW, cropH, _) = Case.Of(name);
        var p = Preprocessing.ImageNet with { Resize = new ShortSide(size), Crop = new(cropW, cropH), Filter = Case.Of(name).Filter };
        var input = p.Apply(Noise.Picture(w, h, 3));
        Assert.That(new[] { 3, input.Picture.Height, input.Picture.Width }, Is.EqualTo(s_goldens[name].Shape));
        Assert.That(input.Values, Is.EqualTo(s_goldens[name].As<float>()));
    }

    [TestCaseSource(nameof(Conversions))]
    public void Colours_are_converted_as_Pillow_does_it(string name)
    {
        var (w, h, c, _, _, mode) = Case.Of(name);
        var picture = Noise.Picture(w, h, c);
        Assert.That((mode == "L" ? picture.ToGrey() : picture.ToRgb()).Bytes.ToArray(), Is.EqualTo(s_goldens[name].As<byte>()));
    }

    [TestCase("imagenet"), TestCase("none"), TestCase("caffe"), TestCase("tf")]
    public void Every_byte_becomes_the_same_float(string preset)
    {
        byte[] every = [.. Enumerable.Range(0, 3 * 256).Select(i => (byte)(i / 3))];
        Assert.That(Preprocessing.Parse(preset).Values.Apply(new(256, 1, 3, every)), Is.EqualTo(s_goldens[$"values {preset}"].As<float>()));
    }

    [Test]
    public void Every_picture_of_the_real_data_becomes_the_bytes_of_Pillow_and_torchvision()
    {
        string data = SharedFiles.Data();
        var lines = File.ReadLines(DataGoldens.File("pictures.txt")).Select(l => (Crc: Convert.ToUInt32(l[..8], 16), Path: Path.Combine(data, l[9..]))).Where(l => File.Exists(l.Path)).ToList();
        if (lines.Count == 0) Assert.Ignore($"needs the pictures of {data}");
        var crcs = ReadAhead.Of(lines, l => Checksum(Preprocessing.ImageNet.Picture(ImageFile.Read(l.Path)).Bytes), Environment.ProcessorCount, 8);
        Assert.That(lines.Zip(crcs).Where(l => l.First.Crc != l.Second).Select(l => l.First.Path), Is.Empty);
    }

    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = s_table[(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];
}
