using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class JpegRefusalTests
{
    static byte[] Golden(string name) => DataGoldens.Entry("jpeg-suite.zip", name);

    static string Refusal(byte[] jpeg) => Assert.Throws<DataException>(() => JpegFile.Decode(jpeg, "x.jpg"))!.Message;

    [TestCase("arithmetic", "is a JPEG file with arithmetic coding, which is not read")]
    [TestCase("12-bits", "has samples of 12 bits, 8 are read")]
    [TestCase("height-later", "states its height after the picture (DNL), which is not read")]
    [TestCase("two-components", "has 2 components, 1, 3 and 4 are read")]
    [TestCase("lossless", "is a lossless JPEG file, which is not read")]
    [TestCase("hierarchical", "is a hierarchical JPEG file, which is not read")]
    [TestCase("ratio", "samples a component 2×1 of 3×1, only whole multiples are read")]
    [TestCase("incomplete", "is truncated: no scan completes coefficient 1 of component 1")]
    public void Kinds_that_are_not_read_are_refused_with_the_reason(string name, string reason) => Assert.That(Refusal(Golden($"refused-{name}")), Is.EqualTo($"x.jpg: {reason}"));

    /// <summary>Where the content of the first segment with this marker begins.</summary>
    static int Content(byte[] jpeg, byte marker) => jpeg.AsSpan().IndexOf(new byte[] { 0xFF, marker }) is >= 0 and var at ? at + 4 : throw new ArgumentException($"no FF{marker:X2} is there");

    static string RefusalOf(string name, byte marker, int offset, params byte[] bytes)
    {
        byte[] jpeg = Golden(name);
        bytes.CopyTo(jpeg, Content(jpeg, marker) + offset);
        return Refusal(jpeg);
    }

    [TestCase("grey", 0xC0, 1, new byte[] { 0, 9, 0, 0 }, "its size 0×9 is not a picture's")]
    [TestCase("sampling-1x1", 0xC0, 9, new byte[] { 1 }, "two components have the number 1")]
    [TestCase("sampling-1x1", 0xC0, 7, new byte[] { 0x51 }, "component 1 has the sampling factors 5×1 and the quantisation table 0")]
    [TestCase("sampling-1x1", 0xC0, 8, new byte[] { 3 }, "the quantisation table 3 is missing")]
    [TestCase("sampling-1x1", 0xDA, 1, new byte[] { 9 }, "a scan names the component 9, which there is not")]
    [TestCase("sampling-1x1", 0xDA, 1, new byte[] { 2 }, "a scan names the component 2 twice")]
    [TestCase("sampling-1x1", 0xDA, 2, new byte[] { 0x02 }, "a Huffman table of component 1 is missing")]
    [TestCase("sampling-1x1", 0xC4, 0, new byte[] { 0x25 }, "25 names no Huffman table")]
    [TestCase("sampling-1x1", 0xC4, 1, new byte[] { 3, 1, 2 }, "a Huffman table has more codes of 1 bits than there can be")]
    [TestCase("sampling-1x1", 0xC4, 16, new byte[] { 200 }, "does not fit its segment")]
    [TestCase("sampling-1x1", 0xC4, 17, new byte[] { 16 }, "a Huffman table has a symbol beyond 15")]
    [TestCase("sampling-1x1", 0xDB, 0, new byte[] { 0x29 }, "29 names no quantisation table")]
    [TestCase("restart-rows", 0xDD, 1, new byte[] { 2 }, "it holds more image data than its size needs")]
    [TestCase("restart-rows", 0xD0, -3, new byte[] { 0xD3 }, "the restart marker FFD0 was expected, FFD3 found")]
    [TestCase("progressive-1x1", 0xDA, 9, new byte[] { 0x20 }, "the bits 2, 0")]
    [TestCase("progressive-1x1", 0xDA, 9, new byte[] { 0x00 }, "is damaged")]
    public void Headers_that_make_no_sense_are_refused(string name, int marker, int offset, byte[] bytes, string reason) =>
        Assert.That(RefusalOf(name, (byte)marker, offset, bytes), Does.StartWith("x.jpg: ").And.Contains(reason));

    [TestCase("grey")]
    [TestCase("progressive-flat")]
    public void A_size_beyond_the_data_is_refused_before_memory_is_taken(string name)
    {
        byte marker = name == "grey" ? (byte)0xC0 : (byte)0xC2;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(RefusalOf(name, marker, 1, 0xFF, 0xFF, 0xFF, 0xFF), Does.Contain("more than the 268435456 samples"));
        Assert.That(RefusalOf(name, marker, 1, 0x10, 0, 0x10, 0), Does.Contain("cannot hold its 4096×4096 pixels"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void Scans_that_repeat_bits_are_refused()
    {
        byte[] jpeg = Golden("progressive-flat");
        int last = jpeg.AsSpan().LastIndexOf(new byte[] { 0xFF, 0xDA });
        Assert.That(Refusal([.. jpeg.AsSpan(0, jpeg.Length - 2), .. jpeg.AsSpan(last)]), Does.Contain("gives bits of coefficient 1 twice or out of order"));
    }

    [Test]
    public void Many_scans_of_a_picture_that_holds_next_to_nothing_are_refused()
    {
        // 4096 blocks whose mean takes one bit each. Then scans of single coefficients, or of single bits of them, that hold one code: 4096 empty blocks.
        byte[] segments =
        [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC2, 0, 11, 8, 2, 0, 2, 0, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0xC0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, .. new byte[512],
        ];
        static byte[] Scan(int coefficient, int bits) => [0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)coefficient, (byte)coefficient, (byte)bits, 0, 0];
        byte[] whole = [.. segments, .. Enumerable.Range(1, 63).SelectMany(k => Scan(k, 0)), 0xFF, 0xD9];
        Assert.That(JpegFile.Decode(whole, "x.jpg").Width, Is.EqualTo(512));
        byte[] bitByBit = [.. segments, .. Enumerable.Range(1, 63).SelectMany(k => Enumerable.Range(0, 14).SelectMany(n => Scan(k, n == 0 ? 13 : (14 - n) << 4 | (13 - n)))), 0xFF, 0xD9];
        Assert.That(Refusal(bitByBit), Is.EqualTo("x.jpg: has more scans than its size warrants"));
    }

    [Test]
    public void Other_files_are_refused()
    {
        Assert.That(Refusal([1, 2, 3]), Is.EqualTo("x.jpg: is not a JPEG file"));
        Assert.That(Refusal([0xFF, 0xD8, 0xFF, 0xD9]), Is.EqualTo("x.jpg: is damaged: it holds no picture"));
        Assert.That(Refusal([0xFF, 0xD8, 0xFF, 0xD3]), Is.EqualTo("x.jpg: is damaged: the marker FFD3 does not belong there"));
        Assert.That(Refusal([0xFF, 0xD8, 0xFF, 0xF1, 0, 2]), Is.EqualTo("x.jpg: is damaged: FFF1 is no marker of a JPEG file"));
    }
}
