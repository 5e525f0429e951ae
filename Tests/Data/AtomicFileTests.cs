using System.Text;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class AtomicFileTests
{
    [Test]
    public void A_file_is_written_or_replaced_whole()
    {
        using var folder = new TempFolder();
        string path = folder.File("a.txt");
        AtomicFile.WriteText(path, "first, the longer one");
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes("second")));
        Assert.That(File.ReadAllText(path), Is.EqualTo("second"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_failure_leaves_the_earlier_file_and_nothing_beside_it()
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.txt", [1, 2, 3]);
        Assert.That(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([9]);
            throw new InvalidOperationException("half-way");
        }), Throws.InvalidOperationException);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_leftover_of_a_killed_process_is_replaced()
    {
        using var folder = new TempFolder();
        folder.Write("a.txt.part", new byte[100]);
        AtomicFile.WriteText(folder.File("a.txt"), "x");
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { folder.File("a.txt") }));
        Assert.That(File.ReadAllText(folder.File("a.txt")), Is.EqualTo("x"));
    }

    [Test]
    public void A_place_that_cannot_be_written_is_named_in_one_line()
    {
        using var folder = new TempFolder();
        string path = folder.File("none/a.txt");
        Assert.That(() => AtomicFile.WriteText(path, "x"), Throws.TypeOf<DataException>().With.Message.StartsWith($"{path}: cannot be written: ").And.Message.Not.Contains("\n"));
        Directory.CreateDirectory(folder.File("taken"));
        Assert.That(() => AtomicFile.WriteText(folder.File("taken"), "x"), Throws.TypeOf<DataException>());
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void A_full_disk_is_named_in_one_line()
    {
        using var folder = new TempFolder();
        string path = folder.File("a.bin");
        Assert.That(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device")),
            Throws.TypeOf<DataException>().With.Message.EqualTo($"{path}: cannot be written: No space left on device"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }
}
