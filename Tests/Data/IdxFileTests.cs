using System.Buffers.Binary;
using System.IO.Compression;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class IdxFileTests
{
    TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    internal static byte[] Idx(byte type, int[] shape, byte[] elements)
    {
        var sizes = new byte[4 * shape.Length];
        for (int d = 0; d < shape.Length; d++) BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(4 * d), shape[d]);
        return [0, 0, type, (byte)shape.Length, .. sizes, .. elements];
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest)) gzip.Write(bytes);
        return to.ToArray();
    }

    string Refusal(byte[] content)
    {
        string path = _folder.Write("some-idx", content);
        var e = Assert.Throws<DataException>(() => IdxFile.Read(path))!;
        Assert.That(e.Message, Does.StartWith(path + ": ").And.Not.Contain("\n"));
        return e.Message[(path.Length + 2)..];
    }

    [TestCase(0x08, "00 7F FF", 0.0, 127.0, 255.0)]
    [TestCase(0x09, "00 7F FE", 0.0, 127.0, -2.0)]
    [TestCase(0x0B, "0102 FFFE 8000", 258.0, -2.0, -32768.0)]
    [TestCase(0x0C, "01020304 FFFFFFFE 80000000", 16909060.0, -2.0, -2147483648.0)]
    [TestCase(0x0D, "3FC00000 C0200000 00000001", 1.5, -2.5, 1.401298464324817e-45)]
    [TestCase(0x0E, "3FF8000000000000 C004000000000000 3FB999999999999A", 1.5, -2.5, 0.1)]
    public void Every_element_type_is_read_big_endian(byte type, string hex, double a, double b, double c)
    {
        byte[] content = Idx(type, [1, 3], Convert.FromHexString(hex.Replace(" ", "")));
        foreach (byte[] file in new[] { content, Gzip(content) })
        {
            IdxArray array = IdxFile.Read(_folder.Write("values", file));
            Assert.That(array.Shape, Is.EqualTo(new[] { 1, 3 }));
            Assert.That(array.ToDoubles(), Is.EqualTo(new[] { a, b, c }));
        }
    }

    [Test]
    public void Compression_is_told_by_the_content_not_the_name()
    {
        byte[] content = Idx(8, [2], [5, 6]);
        Assert.That(IdxFile.Read(_folder.Write("a.gz", content)).Bytes(), Is.EqualTo(new byte[] { 5, 6 }));
        Assert.That(IdxFile.Read(_folder.Write("b", Gzip(content))).Bytes(), Is.EqualTo(new byte[] { 5, 6 }));
    }

    [Test]
    public void An_empty_dimension_holds_no_element() => Assert.That(IdxFile.Read(_folder.Write("empty", Idx(8, [3, 0, 2], []))).Length, Is.Zero);

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = Idx(0x0B, [2, 3], new byte[12]), zipped = Gzip(whole);
        for (int length = 0; length < whole.Length; length++) Assert.That(Refusal(whole[..length]), Does.StartWith("is truncated"), $"raw, {length} bytes");
        for (int length = 2; length < zipped.Length; length++)
            Assert.That(Refusal(zipped[..length]), Does.StartWith("is truncated").Or.StartWith("is damaged"), $"gzip, {length} bytes");
    }

    [Test]
    public void Extra_bytes_are_refused()
    {
        byte[] longer = [.. Idx(8, [2], [5, 6]), 7];
        Assert.That(Refusal(longer), Does.StartWith("has extra bytes after its 2 elements"));
        Assert.That(Refusal(Gzip(longer)), Does.StartWith("has extra bytes"));
    }

    [Test]
    public void A_damaged_gzip_is_refused()
    {
        byte[] zipped = Gzip(Idx(8, [2000], [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * i))]));
        zipped[^7] ^= 1;                                             // its checksum
        Assert.That(Refusal(zipped), Does.StartWith("is damaged"));
    }

    [TestCase("00000703 00000001", "names no element type")]
    [TestCase("00010803 00000001", "the first two bytes should be zero")]
    [TestCase("89504E47 0D0A1A0A", "starts with 89504E47")]
    [TestCase("00000800", "says 0 dimensions")]
    [TestCase("00000801 80000000", "dimension 0 is 2147483648")]
    [TestCase("00000803 7FFFFFFF 7FFFFFFF 7FFFFFFF", "more than it can")]
    [TestCase("00000801 7FFFFFFF 00", "more than it can")]
    public void A_wrong_header_is_refused_before_memory_is_taken(string hex, string reason) =>
        Assert.That(Refusal(Convert.FromHexString(hex.Replace(" ", ""))), Does.Contain(reason));

    [Test]
    public void Absent_files_and_folders_in_their_place_are_refused()
    {
        Assert.That(() => IdxFile.Read(_folder.File("none")), Throws.TypeOf<DataException>().With.Message.EndsWith("none: no such file"));
        Assert.That(() => IdxFile.Read(_folder.Path), Throws.TypeOf<DataException>().With.Message.EndsWith("is a folder, a file was expected"));
    }
}
