using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Files whose checksums are right and whose content is not.</summary>
public class PngRefusalTests
{
    static byte[] Chunk(string kind, params byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        uint crc = uint.MaxValue;                                    // bit by bit, from the definition
        foreach (byte b in body)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        var length = new byte[4];
        var check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, ~crc);
        return [.. length, .. body, .. check];
    }

    static byte[] Header(int width, int height, byte depth, byte colour, byte compression = 0, byte filter = 0, byte interlace = 0)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[10], data[11], data[12]) = (depth, colour, compression, filter, interlace);
        return Chunk("IHDR", data);
    }

    static byte[] Zlib(params byte[] rows)
    {
        using var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Fastest)) zlib.Write(rows);
        return to.ToArray();
    }

    static string Refusal(params byte[][] chunks)
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. chunks.SelectMany(c => c), .. Chunk("IEND")];
        return Assert.Throws<DataException>(() => PngFile.Decode(png, "x.png"))!.Message;
    }

    static readonly byte[] s_grey2x1 = Header(2, 1, 8, 0), s_pixels = Chunk("IDAT", Zlib(0, 7, 9));

    [Test]
    public void The_picture_the_others_are_made_from_is_read()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. s_grey2x1, .. s_pixels, .. Chunk("IEND")];
        Assert.That(PngFile.Decode(png, "x.png").Bytes.ToArray(), Is.EqualTo(new byte[] { 7, 9 }));
    }

    [TestCase(0, 1, 8, 0, "its size 0×1 is not a picture's")]
    [TestCase(1, -1, 8, 0, "its size 1×4294967295 is not a picture's")]
    [TestCase(2, 1, 3, 0, "colour type 0 with 3 bits")]
    [TestCase(2, 1, 4, 2, "colour type 2 with 4 bits")]
    [TestCase(2, 1, 16, 3, "colour type 3 with 16 bits")]
    [TestCase(2, 1, 8, 5, "colour type 5 with 8 bits")]
    [TestCase(2, 1, 8, 7, "colour type 7 with 8 bits")]
    public void A_header_that_is_not_PNG_is_refused(int width, int height, byte depth, byte colour, string reason) =>
        Assert.That(Refusal(Header(width, height, depth, colour), s_pixels), Does.Contain(reason));

    [Test]
    public void Unknown_methods_are_refused()
    {
        Assert.That(Refusal(Header(2, 1, 8, 0, compression: 1), s_pixels), Does.EndWith("compression method 1 is not PNG"));
        Assert.That(Refusal(Header(2, 1, 8, 0, filter: 1), s_pixels), Does.EndWith("filter method 1 is not PNG"));
        Assert.That(Refusal(Header(2, 1, 8, 0, interlace: 2), s_pixels), Does.EndWith("interlace method 2 is not PNG"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", Zlib(5, 7, 9))), Does.EndWith("a row has the filter 5"));
    }

    [TestCase(int.MaxValue, int.MaxValue, "more than the 268435456 samples")]
    [TestCase(16000, 16000, "cannot hold its 16000×16000 pixels")]
    public void A_size_beyond_the_data_is_refused_before_memory_is_taken(int width, int height, string reason)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Refusal(Header(width, height, 8, 0), s_pixels), Does.Contain(reason));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void Chunks_in_the_wrong_place_or_number_are_refused()
    {
        Assert.That(Refusal(s_pixels, s_grey2x1), Does.EndWith("starts with the chunk IDAT, IHDR was expected"));
        Assert.That(Refusal(s_grey2x1, s_grey2x1, s_pixels), Does.EndWith("has a second IHDR chunk"));
        Assert.That(Refusal(s_grey2x1), Does.EndWith("has no image data"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", 1), Chunk("tEXt"), Chunk("IDAT", 2)), Does.EndWith("its IDAT chunks do not follow each other"));
        Assert.That(Refusal(s_grey2x1, Chunk("NEWS"), s_pixels), Does.Contain("critical chunk NEWS"));
        Assert.That(Refusal(s_grey2x1, Chunk("N?WS"), s_pixels), Does.Contain("4E3F5753 is not a chunk's name"));
    }

    [Test]
    public void Palettes_and_transparency_that_do_not_fit_are_refused()
    {
        byte[] header = Header(2, 1, 1, 3), used = Chunk("IDAT", Zlib(0, 0b01000000));
        Assert.That(Refusal(header, used), Does.EndWith("has no palette, its colour type needs one"));
        Assert.That(Refusal(header, Chunk("PLTE", 1, 2, 3, 4), used), Does.Contain("its palette has 4 bytes"));
        Assert.That(Refusal(header, Chunk("PLTE", new byte[9]), used), Does.EndWith("its palette has 3 colours, 1 bits address 2"));
        Assert.That(Refusal(header, Chunk("PLTE", 1, 2, 3), used), Does.EndWith("it uses colour 1 of a palette of 1"));
        Assert.That(Refusal(header, Chunk("PLTE", 1, 2, 3), Chunk("tRNS", 1, 2), used), Does.EndWith("a tRNS chunk of 2 bytes does not fit its colour type 3"));
        Assert.That(Refusal(Header(2, 1, 8, 4), Chunk("tRNS", 0, 1), s_pixels), Does.EndWith("does not fit its colour type 4"));
    }

    [Test]
    public void Image_data_that_is_damaged_short_or_long_is_refused()
    {
        byte[] damaged = Zlib(0, 7, 9);
        damaged[^1] ^= 1;
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", damaged)), Does.Contain("not valid zlib"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", 1, 2, 3, 4, 5)), Does.Contain("not valid zlib"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", 0x78, 0xBB, 1, 2, 3, 4, 5)), Does.Contain("not valid zlib"));               // asks for a dictionary
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", Zlib(0, 7))), Does.EndWith("its image data ends early"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", Zlib(0, 7, 9, 1))), Does.EndWith("more image data than its size needs"));
        Assert.That(Refusal(s_grey2x1, Chunk("IDAT", Zlib(0, 7, 9)[..^2])), Does.EndWith("the end of its image data is missing"));
    }
}
