using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class PngReadTests
{
    static IEnumerable<string> Suite() => DataGoldens.Names("png-suite.zip");

    static readonly IReadOnlyDictionary<string, NpyArray> s_expected = Npz.Read(DataGoldens.File("png-suite.npz"));

    [TestCaseSource(nameof(Suite))]
    public void Every_colour_type_depth_interlacing_and_filter_is_read(string name)
    {
        NpyArray expected = s_expected[name];
        Image image = PngFile.Decode(DataGoldens.Entry("png-suite.zip", name), name);
        Assert.That(new[] { image.Height, image.Width, image.Channels }, Is.EqualTo(expected.Shape));
        if (image.BitDepth == 8) Assert.That(image.Bytes.ToArray(), Is.EqualTo(expected.As<byte>()));
        else Assert.That(image.Words.ToArray(), Is.EqualTo(expected.As<ushort>()));
    }

    [Test]
    public void A_picture_cut_anywhere_is_refused()
    {
        byte[] png = DataGoldens.Entry("png-suite.zip", "c3-d4-i1-t");
        for (int length = 0; length < png.Length; length++)
            Assert.That(() => PngFile.Decode(png.AsSpan(0, length), "x.png"), Throws.TypeOf<DataException>().With.Message.StartsWith("x.png: is truncated"), $"{length} bytes");
    }

    [Test]
    public void A_picture_with_any_byte_changed_is_refused()
    {
        byte[] png = DataGoldens.Entry("png-suite.zip", "c0-d2-i1");
        for (int i = 0; i < png.Length; i++)
        {
            png[i] ^= 0x10;
            Assert.That(() => PngFile.Decode(png, "x.png"), Throws.TypeOf<DataException>().With.Message.StartsWith("x.png: ").And.Message.Not.Contains("\n"), $"byte {i}");
            png[i] ^= 0x10;
        }
    }

    [Test]
    public void A_file_is_read_and_named_in_errors()
    {
        using var folder = new TempFolder();
        Assert.That(PngFile.Read(folder.Write("a.png", DataGoldens.Entry("png-suite.zip", "c2-d8-i0"))).Width, Is.EqualTo(13));
        Assert.That(() => PngFile.Read(folder.Write("b.png", [1, 2, 3])), Throws.TypeOf<DataException>().With.Message.EndsWith("b.png: is not a PNG file"));
        Assert.That(() => PngFile.Read(folder.File("none.png")), Throws.TypeOf<DataException>().With.Message.EndsWith("none.png: no such file"));
    }
}
