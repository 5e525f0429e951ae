using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ImageFileTests
{
    [TestCase("png-suite.zip", "c2-d8-i0", 13)]
    [TestCase("jpeg-suite.zip", "grey", 35)]
    [TestCase("bitmap-suite.zip", "24", 7)]
    [TestCase("bitmap-suite.zip", "p2-77", 9)]
    [TestCase("bitmap-suite.zip", "p4", 11)]
    public void The_format_is_told_by_the_first_bytes_not_by_the_name(string suite, string entry, int width)
    {
        using var folder = new TempFolder();
        Assert.That(ImageFile.Read(folder.Write("picture.gif", DataGoldens.Entry(suite, entry))).Width, Is.EqualTo(width));
    }

    [Test]
    public void What_is_no_picture_is_refused_in_one_line_that_lists_what_is_read()
    {
        using var folder = new TempFolder();
        Assert.That(() => ImageFile.Read(folder.Write("a.png", "GIF89a"u8.ToArray())),
            Throws.TypeOf<DataException>().With.Message.EndsWith("a.png: is no picture that is read: PNG, JPEG, BMP, PBM, PGM and PPM are; it begins with 47494638"));
        Assert.That(() => ImageFile.Read(folder.Write("b.png", [])), Throws.TypeOf<DataException>().With.Message.EndsWith("b.png: is empty, a picture was expected"));
        Assert.That(() => ImageFile.Read(folder.File("none.png")), Throws.TypeOf<DataException>().With.Message.EndsWith("none.png: no such file"));
        Assert.That(() => ImageFile.Read(folder.Path), Throws.TypeOf<DataException>().With.Message.EndsWith("is a folder, a file was expected"));
    }

    [TestCase("a/b.JPEG", true)]
    [TestCase("cat.1.jpg", true)]
    [TestCase("x.PnM", true)]
    [TestCase("x.jpe", true)]
    [TestCase("x.gif", false)]
    [TestCase("jpg", false)]
    [TestCase("x.jpg.txt", false)]
    public void Folders_are_scanned_by_the_ends_of_names(string path, bool expected) => Assert.That(ImageFile.HasExtension(path), Is.EqualTo(expected));
}
