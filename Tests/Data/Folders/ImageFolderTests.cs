using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ImageFolderTests
{
    static readonly byte[] s_png = PngFile.Encode(Noise.Picture(5, 4, 3));

    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    void Add(params string[] paths)
    {
        foreach (string path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
            _folder.Write(path, s_png);
        }
    }

    IEnumerable<string> Names(ImageFolder set) => set.Files.Select(f => Path.GetRelativePath(_folder.Path, f.Path).Replace('\\', '/'));

    [Test]
    public void Names_are_in_the_order_of_people()
    {
        string[] ordered = ["a", "A1", "a1", "A01", "a2", "a2b", "a10", "a10b2", "a10b11", "B3", "b0004", "b99999999999999999999998", "b99999999999999999999999", "img_2.png", "img-2.png"];
        string[] sorted = [.. ordered.Reverse().Order(NaturalOrder.Instance)];
        Assert.That(sorted.ToList().IndexOf("a2"), Is.LessThan(sorted.ToList().IndexOf("a10")));
        Assert.That(sorted[1..4], Is.EqualTo((string[])["A01", "A1", "a1"]), "equal but for case and zeros: by code unit");
        Assert.That(sorted[4..13], Is.EqualTo(ordered[4..13]));
        foreach (string x in ordered)
            foreach (string y in ordered) Assert.That(NaturalOrder.Instance.Compare(x, y), Is.EqualTo(-NaturalOrder.Instance.Compare(y, x)), $"{x}, {y}");
        Assert.That(NaturalOrder.Instance.Compare(null, ""), Is.Negative);
    }

    [Test]
    public void A_sub_folder_is_a_class_and_what_lies_below_belongs_to_it()
    {
        Add("10/b.png", "2/x10.PNG", "2/x9.png", "2/deep/er/y.Png", "2/.hidden.png", ".git/z.png", "2/.cache/z.png", "stray.png");
        File.WriteAllText(_folder.File("2/notes.txt"), "");
        Directory.CreateDirectory(_folder.File("Empty"));
        var set = ImageFolder.Open(_folder.Path);
        Assert.That(set.ClassNames, Is.EqualTo((string[])["2", "10", "Empty"]));
        Assert.That(Names(set), Is.EqualTo((string[])["2/deep/er/y.Png", "2/x9.png", "2/x10.PNG", "10/b.png"]));
        Assert.That(set.Labels, Is.EqualTo((int[])[0, 0, 0, 1]));
        Assert.That(set.Counts, Is.EqualTo((int[])[3, 1, 0]));
        Assert.That(set.EmptyClasses, Is.EqualTo((string[])["Empty"]));
        Assert.That(set.Subset([3, 0]).Labels, Is.EqualTo((int[])[1, 0]));
    }

    [Test]
    public void Pictures_without_sub_folders_have_no_label()
    {
        Add("b2.png", "b10.png", "a.png");
        var set = ImageFolder.Open(_folder.Path);
        Assert.That(Names(set), Is.EqualTo((string[])["a.png", "b2.png", "b10.png"]));
        Assert.That((set.IsLabelled, set.Counts[0]), Is.EqualTo((false, 3)));
        Assert.That(set.Labels, Is.All.EqualTo(-1));
        Assert.That(set.EmptyClasses, Is.Empty);
    }

    [Test]
    public void A_link_to_a_folder_above_is_not_followed_for_ever()
    {
        Add("a/x.png");
        Directory.CreateSymbolicLink(_folder.File("a/up"), _folder.File("a"));
        Directory.CreateSymbolicLink(_folder.File("b"), _folder.File("a"));
        Assert.That(Names(ImageFolder.Open(_folder.Path)), Is.EqualTo((string[])["a/x.png", "b/x.png"]));
    }

    [TestCase(1), TestCase(3)]
    public void Every_bad_file_is_told_and_can_be_left_out(int threads)
    {
        Add("a/1.png", "a/2.png", "b/1.png", "b/3.png");
        _folder.Write("a/0.png", [1, 2, 3]);
        _folder.Write("b/2.png", s_png[..^20]);
        var set = ImageFolder.Open(_folder.Path);
        var good = new List<string>();
        var bad = set.Check(threads, (file, image) => good.Add($"{Path.GetFileName(file.Path)} {image.Width}"));
        Assert.That(bad.Select(b => b.Line), Has.Exactly(2).Items.And.All.StartsWith(_folder.Path).And.All.Contains(".png: "));
        Assert.That(good, Is.EqualTo((string[])["1.png 5", "2.png 5", "1.png 5", "3.png 5"]));
        Assert.That(Names(set.Without(bad)), Is.EqualTo((string[])["a/1.png", "a/2.png", "b/1.png", "b/3.png"]));
    }

    [Test]
    public void A_folder_that_is_none_is_one_line()
    {
        Add("x.png");
        Assert.That(() => ImageFolder.Open(_folder.File("none")), Throws.TypeOf<DataException>().With.Message.EqualTo($"{_folder.File("none")}: no such folder"));
        Assert.That(() => ImageFolder.Open(_folder.File("x.png")), Throws.TypeOf<DataException>().With.Message.EndsWith("x.png: is a file, a folder was expected"));
        Directory.CreateDirectory(_folder.File("empty/class"));
        Assert.That(() => ImageFolder.Open(_folder.File("empty")), Throws.TypeOf<DataException>().With.Message.Contains("empty: holds no picture (png, "));
    }
}
