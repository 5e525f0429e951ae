using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class IdxFolderTests
{
    TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    static byte[] Images(int n) => IdxFileTests.Idx(8, [n, 2, 3], [.. Enumerable.Range(0, n * 6).Select(i => (byte)(i * 7))]);

    static byte[] Labels(params byte[] labels) => IdxFileTests.Idx(8, [labels.Length], labels);

    void Test(byte[] images, byte[] labels)
    {
        _folder.Write("t10k-images-idx3-ubyte", images);
        _folder.Write("t10k-labels-idx1-ubyte", labels);
    }

    string Refusal(Split split = Split.Test)
    {
        var e = Assert.Throws<DataException>(() => IdxFolder.Read(_folder.Path, split))!;
        Assert.That(e.Message, Does.Not.Contain("\n"));
        return e.Message;
    }

    [TestCase("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", false)]
    [TestCase("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte", false)]
    [TestCase("t10k-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz", true)]
    public void Images_and_labels_are_paired(string images, string labels, bool gzip)
    {
        Func<byte[], byte[]> pack = gzip ? IdxFileTests.Gzip : b => b;
        _folder.Write(images, pack(Images(3)));
        _folder.Write(labels, pack(Labels(9, 0, 4)));
        ImageSet set = IdxFolder.Read(_folder.Path, Split.Test);
        Assert.That((set.Count, set.Channels, set.Height, set.Width), Is.EqualTo((3, 1, 2, 3)));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new[] { 9, 0, 4 }));
        Assert.That(set.Pixels(1).ToArray(), Is.EqualTo(new byte[] { 42, 49, 56, 63, 70, 77 }));
    }

    [Test]
    public void A_missing_half_names_every_file_looked_for()
    {
        Test(Images(1), Labels(3));
        Assert.That(Refusal(Split.Train), Does.EndWith(
            "the training images are missing: looked for train-images-idx3-ubyte, train-images-idx3-ubyte.gz, train-images.idx3-ubyte, train-images.idx3-ubyte.gz"));
    }

    [Test]
    public void A_missing_folder_or_a_file_in_its_place_is_refused()
    {
        Assert.That(() => IdxFolder.Read(_folder.File("none"), Split.Test), Throws.TypeOf<DataException>().With.Message.EndsWith("none: no such folder"));
        Assert.That(() => IdxFolder.Read(_folder.Write("file", [1]), Split.Test), Throws.TypeOf<DataException>().With.Message.Contains("is a file, a folder"));
    }

    [Test]
    public void Labels_where_images_are_expected_are_refused()
    {
        Test(Labels(1, 2), Labels(1, 2));
        Assert.That(Refusal(), Does.EndWith("t10k-images-idx3-ubyte: should hold images, 3 dimensions of unsigned bytes, but holds 1 of UInt8 (labels)"));
    }

    [Test]
    public void Images_where_labels_are_expected_are_refused()
    {
        Test(Images(2), Images(2));
        Assert.That(Refusal(), Does.EndWith("t10k-labels-idx1-ubyte: should hold labels, 1 dimension of unsigned bytes, but holds 3 of UInt8 (images)"));
    }

    [Test]
    public void Elements_of_another_type_are_refused()
    {
        Test(IdxFileTests.Idx(0x0B, [1, 1, 1], [0, 0]), Labels(1));
        Assert.That(Refusal(), Does.Contain("but holds 3 of Int16"));
    }

    [TestCase(2, "holds 3 labels for the 2 images of t10k-images-idx3-ubyte")]
    [TestCase(4, "holds 3 labels for the 4 images of t10k-images-idx3-ubyte")]
    public void More_or_fewer_labels_than_images_are_refused(int images, string reason)
    {
        Test(Images(images), Labels(1, 2, 3));
        Assert.That(Refusal(), Does.EndWith(reason));
    }

    [Test]
    public void A_label_beyond_the_classes_is_refused()
    {
        Test(Images(3), Labels(1, 2, 10));
        Assert.That(Refusal(), Does.EndWith("label 2 is 10, outside 0–9"));
    }

    [TestCase(0, 2, 3, "holds no image")]
    [TestCase(2, 0, 3, "its images are 0×3 pixels")]
    public void Images_without_pixels_are_refused(int n, int h, int w, string reason)
    {
        Test(IdxFileTests.Idx(8, [n, h, w], []), Labels([.. new byte[n]]));
        Assert.That(Refusal(), Does.EndWith(reason));
    }

    [Test]
    public void An_unreadable_file_is_refused()
    {
        Test(Images(1), Labels(1));
        using var locked = new FileStream(_folder.File("t10k-images-idx3-ubyte"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.That(Refusal(), Does.Contain("cannot be read"));
    }

    [TestCase(Split.Train, 60000, 5923, 33.318421449829934)]
    [TestCase(Split.Test, 10000, 980, 33.79122448979592)]
    public void The_real_MNIST_has_its_known_counts_and_mean(Split split, int count, int zeros, double mean)
    {
        ImageSet set = IdxFolder.Read(SharedFiles.Data("mnist"), split);
        double sum = 0;
        for (int i = 0; i < set.Count; i++)
            foreach (byte p in set.Pixels(i)) sum += p;
        Assert.That((set.Count, set.Height, set.Width), Is.EqualTo((count, 28, 28)));
        Assert.That(set.IndicesOf(0), Has.Length.EqualTo(zeros));
        Assert.That(sum / set.Count / 784, Is.EqualTo(mean).Within(1e-9));
    }

    [Test]
    public void Fashion_MNIST_without_its_training_half_says_so()
    {
        string folder = SharedFiles.Data("fashion-mnist");
        Assert.That(IdxFolder.Read(folder, Split.Test).Count, Is.EqualTo(10000));
        Assert.That(() => IdxFolder.Read(folder, Split.Train), Throws.TypeOf<DataException>().With.Message.Contains("the training images are missing"));
    }
}
