using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>BMP and PNM.</summary>
public class BitmapTests
{
    static IEnumerable<string> Suite() => DataGoldens.Names("bitmap-suite.zip");

    static readonly IReadOnlyDictionary<string, NpyArray> s_expected = Npz.Read(DataGoldens.File("bitmap-suite.npz"));

    static byte[] Golden(string name) => DataGoldens.Entry("bitmap-suite.zip", name);

    [TestCaseSource(nameof(Suite))]
    public void Every_depth_and_kind_is_read(string name)
    {
        Image image = ImageFile.Decode(Golden(name), name);
        Assert.That(new[] { image.Height, image.Width, image.Channels }, Is.EqualTo(s_expected[name].Shape));
        if (image.BitDepth == 8) Assert.That(image.Bytes.ToArray(), Is.EqualTo(s_expected[name].As<byte>()));
        else Assert.That(image.Words.ToArray(), Is.EqualTo(s_expected[name].As<ushort>()));
    }

    [TestCaseSource(nameof(Suite))]
    public void A_picture_cut_anywhere_is_refused(string name)
    {
        byte[] file = Golden(name);
        bool bmp = file[0] == 'B';
        // The padding of the last row, the end of run lengths, and the last digits of a plain number may be missing unnoticed.
        int unnoticed = bmp ? 4 : file[1] <= '3' ? 5 : 0;
        for (int length = 2; length < file.Length - unnoticed; length++)
            Assert.That(() => ImageFile.Decode(file.AsSpan(0, length), "x"), Throws.TypeOf<DataException>().With.Message.Matches(bmp ? "^x: is (truncated|damaged: its pixels begin)" : "^x: is truncated"), $"{length} bytes");
    }

    static string Refusal(byte[] file) => Assert.Throws<DataException>(() => ImageFile.Decode(file, "x"))!.Message;

    static string Changed(string name, int at, params byte[] bytes)
    {
        byte[] file = Golden(name);
        bytes.CopyTo(file, at);
        return Refusal(file);
    }

    [TestCase("24", 14, new byte[] { 64 }, "has a BMP header of 64 bytes, read are 12, 40, 52, 56, 108, 124")]
    [TestCase("24", 18, new byte[] { 0 }, "its size 0×5 is not a picture's")]
    [TestCase("24", 22, new byte[] { 0, 0, 0, 128 }, "its size 7×-2147483648 is not a picture's")]
    [TestCase("24", 28, new byte[] { 5 }, "has 5 bits a pixel and the compression 0, which is not read")]
    [TestCase("24", 30, new byte[] { 4 }, "has 24 bits a pixel and the compression 4, which is not read")]
    [TestCase("24", 10, new byte[] { 9 }, "is damaged: its pixels begin at byte 9, its headers end at 54 of 174")]
    [TestCase("24", 18, new byte[] { 255, 255, 255, 127 }, "more than the 268435456 samples")]
    [TestCase("24", 18, new byte[] { 0, 16 }, "is truncated: its pixels need")]
    [TestCase("16-565", 54, new byte[] { 5 }, "is damaged: the mask 0000F805 is not a run of its 16 bits")]
    [TestCase("16-565", 54, new byte[] { 0, 0 }, "is damaged: a mask is empty")]
    [TestCase("runs-8", 118, new byte[] { 90 }, "is damaged: its run lengths run beyond the picture")]
    [TestCase("runs-8", 18, new byte[] { 0, 16 }, "cannot hold its 4096×5 pixels")]
    [TestCase("palette-8", 54 + 400, new byte[] { 100 }, "is damaged: it uses colour 100 of a palette of 100")]
    [TestCase("p5-255", 3, new byte[] { (byte)'x' }, "is damaged: its width was expected at byte 3")]
    [TestCase("p6-77", 10, new byte[] { 78 }, "is damaged: it has the sample 78, its largest is 77")]
    public void Files_that_make_no_sense_are_refused(string name, int at, byte[] bytes, string reason) => Assert.That(Changed(name, at, bytes), Does.StartWith("x: ").And.Contains(reason));

    [Test]
    public void Numbers_of_PNM_are_checked()
    {
        Assert.That(Refusal("P5 3 70000000000 255\n"u8.ToArray()), Is.EqualTo("x: is damaged: its height is more than 2147483647"));
        Assert.That(Refusal("P5 3 2 65536\n"u8.ToArray()), Is.EqualTo("x: is damaged: its largest value is more than 65535"));
        Assert.That(Refusal("P5 3 2 0\n"u8.ToArray()), Is.EqualTo("x: its size 3×2 with samples up to 0 is not a picture's"));
        Assert.That(Refusal("P5 20000 20000 255\n"u8.ToArray()), Does.Contain("more than the 268435456 samples"));
        Assert.That(Refusal("P2 2 2 9 1 2 3 x"u8.ToArray()), Is.EqualTo("x: is damaged: a sample was expected at byte 15"));
        Assert.That(Refusal("P2 2 2 9 1 2 3 10"u8.ToArray()), Is.EqualTo("x: is damaged: it has the sample 10, its largest is 9"));
        Assert.That(Refusal("P1 2 2 1 0 2 1"u8.ToArray()), Is.EqualTo("x: is damaged: a sample was expected at byte 11"));
        Assert.That(Refusal("P5 1 1 255\n\x07P5"u8.ToArray()), Is.EqualTo("x: has 2 extra bytes after its picture"));
    }
}
