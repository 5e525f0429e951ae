using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class NpzTests
{
    [TestCase("stored.npz")]
    [TestCase("deflated.npz")]
    public void What_NumPy_wrote_is_read(string name)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = Npz.Read(DataGoldens.File(name));
        Assert.That(arrays.Keys, Is.EquivalentTo(new[] { "map", "labels" }));
        Assert.That(arrays["map"].Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(arrays["map"].As<float>(), Is.EqualTo(Enumerable.Range(0, 6).Select(i => (float)NpyTests.Value(i, typeof(float)))));
        Assert.That(arrays["labels"].As<long>(), Is.EqualTo(Enumerable.Range(0, 5).Select(i => (long)NpyTests.Value(i, typeof(long)))));
    }

    [Test]
    public void What_is_written_is_read_back_and_the_same_bytes_each_time([Values] bool compress)
    {
        using var folder = new TempFolder();
        var arrays = new Dictionary<string, NpyArray> { ["a"] = new(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2), ["folder/b"] = new(new byte[5000], 5000), ["scalar"] = new(new[] { 2.5 }) };
        Npz.Write(folder.File("a.npz"), arrays, compress);
        Npz.Write(folder.File("b.npz"), arrays, compress);
        IReadOnlyDictionary<string, NpyArray> back = Npz.Read(folder.File("a.npz"));
        Assert.That(back.Keys, Is.EqualTo(arrays.Keys));
        foreach ((string name, NpyArray array) in arrays)
        {
            Assert.That(back[name].Shape, Is.EqualTo(array.Shape), name);
            Assert.That(back[name].Values, Is.EqualTo(array.Values), name);
        }
        Assert.That(File.ReadAllBytes(folder.File("b.npz")), Is.EqualTo(File.ReadAllBytes(folder.File("a.npz"))));
        Assert.That(new FileInfo(folder.File("a.npz")).Length, compress ? Is.LessThan(2000) : Is.GreaterThan(5000));
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(DataGoldens.File("deflated.npz"));
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => Npz.Read(folder.Write("cut.npz", whole[..length])), Throws.TypeOf<DataException>().With.Message.Not.Contains("\n"), $"{length} bytes");
    }

    [Test]
    public void Damaged_content_is_refused()
    {
        using var folder = new TempFolder();
        byte[] bytes = File.ReadAllBytes(DataGoldens.File("stored.npz"));
        int data = bytes.AsSpan().IndexOf(new byte[] { (byte)'\n' }) + 5;      // within the first array's numbers
        bytes[data] ^= 1;
        Assert.That(() => Npz.Read(folder.Write("a.npz", bytes)), Throws.TypeOf<DataException>().With.Message.EndsWith("a.npz(map.npy): is damaged: its checksum is wrong"));
    }

    [Test]
    public void Sizes_beyond_the_file_are_refused_before_memory_is_taken()
    {
        using var folder = new TempFolder();
        byte[] bytes = File.ReadAllBytes(DataGoldens.File("stored.npz"));
        int entry = bytes.AsSpan().IndexOf("PK\x01\x02"u8);               // compressed and whole size stand 20 bytes into the entry of the directory
        bytes.AsSpan(entry + 20, 8).Fill(0x0F);
        string path = folder.Write("a.npz", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Npz.Read(path), Throws.TypeOf<DataException>().With.Message.EndsWith("a.npz(map.npy): claims 252645135 compressed bytes, more than the file has"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void An_entry_that_is_no_array_is_refused() =>
        Assert.That(() => Npz.Read(DataGoldens.File("png-suite.zip")), Throws.TypeOf<DataException>().With.Message.Contains("its entry c0-d1-i0 is not a .npy file"));
}
