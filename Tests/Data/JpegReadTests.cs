using System.Security.Cryptography;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class JpegReadTests
{
    static IEnumerable<string> Suite() => DataGoldens.Names("jpeg-suite.zip").Where(name => !name.StartsWith("refused", StringComparison.Ordinal));

    static readonly IReadOnlyDictionary<string, NpyArray> s_expected = Npz.Read(DataGoldens.File("jpeg-suite.npz"));

    [TestCaseSource(nameof(Suite))]
    public void Samples_are_libjpeg_s_to_the_bit(string name)
    {
        Image image = JpegFile.Decode(DataGoldens.Entry("jpeg-suite.zip", name), name);
        Assert.That(new[] { image.Height, image.Width, image.Channels }, Is.EqualTo(s_expected[name].Shape));
        Assert.That(image.Bytes.ToArray(), Is.EqualTo(s_expected[name].As<byte>()));
    }

    [TestCase("sampling-2x2")]
    [TestCase("restart-blocks")]
    [TestCase("scan-per-component")]
    [TestCase("progressive-2x2")]
    [TestCase("progressive-bits")]
    [TestCase("orientation-6")]
    public void A_picture_cut_anywhere_is_refused(string name)
    {
        byte[] jpeg = DataGoldens.Entry("jpeg-suite.zip", name);
        for (int length = 0; length < jpeg.Length; length++)
            Assert.That(() => JpegFile.Decode(jpeg.AsSpan(0, length), "x.jpg"), Throws.TypeOf<DataException>().With.Message.StartsWith("x.jpg: is truncated"), $"{length} bytes");
    }

    [Test]
    public void Image_data_that_ends_early_is_refused_never_filled_with_grey([Values("grey", "sampling-1x1", "progressive-1x1", "restart-rows")] string name)
    {
        byte[] jpeg = DataGoldens.Entry("jpeg-suite.zip", name);
        for (int missing = 1; missing < 40; missing++)
        {
            byte[] shorter = [.. jpeg.AsSpan(0, jpeg.Length - 2 - missing), 0xFF, 0xD9];
            if (shorter[^3] == 0xFF) continue;                       // a stuffed byte cut in two
            Assert.That(() => JpegFile.Decode(shorter, "x.jpg"), Throws.TypeOf<DataException>().With.Message.Matches("^x.jpg: is (truncated|damaged)"), $"{missing} bytes");
        }
    }

    [Test]
    public void Bytes_left_over_after_the_image_data_are_passed_over([Values("grey", "sampling-1x1", "progressive-1x1", "restart-rows")] string name)
    {
        byte[] jpeg = DataGoldens.Entry("jpeg-suite.zip", name);
        foreach (byte[] rest in (byte[][])[[0], [1, 2, 3], [0xFF, 0, 7], [.. Enumerable.Repeat((byte)0xA5, 500)]])
            Assert.That(JpegFile.Decode([.. jpeg.AsSpan(0, jpeg.Length - 2), .. rest, 0xFF, 0xD9], "x.jpg").Bytes.SequenceEqual(JpegFile.Decode(jpeg, "x.jpg").Bytes), $"{rest.Length} bytes");
    }

    static IEnumerable<string> Folders() => ["cats-dogs/cats", "cats-dogs/dogs", "chest-xray/NORMAL", "chest-xray/PNEUMONIA", "galaxy/elliptical", "galaxy/spiral", "imagenet-samples"];

    [TestCaseSource(nameof(Folders))]
    public void Photographs_are_read_as_Pillow_reads_them(string folder)
    {
        string root = SharedFiles.Data();
        SharedFiles.Data(folder);
        string[] lines = [.. File.ReadLines(DataGoldens.File("photograph-sums.txt")).Where(line => line.StartsWith(folder + "/", StringComparison.Ordinal))];
        string[] found = [.. lines.Select(line => Sum(root, line.Split(' ')[0]))];
        Assert.That(found, Is.EqualTo(lines));
        Assert.That(lines, Has.Length.GreaterThan(20));
    }

    static string Sum(string root, string path)
    {
        Image image = ImageFile.Read(Path.Combine(root, path));
        return $"{path} {image.Width} {image.Height} {Convert.ToHexStringLower(SHA256.HashData(image.Bytes))[..16]}";
    }
}
