using System.Text;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests.Fuzz;

/// <summary>Readers and files that are damaged in every way.</summary>
/// <remarks>ILGPUXAI_FUZZ=100000 gives each reader so many inputs; ILGPUXAI_FUZZ=417+1 those of one seed, as a failure reports it.</remarks>
public class FuzzTests
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);
    static readonly TempFolder s_folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => s_folder.Dispose();

    static IEnumerable<TestCaseData> Readers => FuzzedReaders.All(s_folder.Path).Select(r => new TestCaseData(r).SetArgDisplayNames(r.Name));

    static (int First, int Count) Inputs()
    {
        string[] words = (Environment.GetEnvironmentVariable("ILGPUXAI_FUZZ") ?? "300").Split('+');
        return words is [var first, var count] ? (int.Parse(first), int.Parse(count)) : (0, int.Parse(words[0]));
    }

    [TestCaseSource(nameof(Readers))]
    public void A_damaged_file_is_read_or_refused_in_one_line(object reader)
    {
        var fuzzer = new Fuzzer((FuzzedReader)reader, s_limit);
        (int first, int count) = Inputs();
        string? failure = fuzzer.Run(first, count);
        Assert.That(failure, Is.Null);
        TestContext.Out.WriteLine($"{reader}: {count} inputs, {fuzzer.Accepted} read, the others refused");
    }

    static string? Found(Action<byte[], string> read, TimeSpan? limit = null) => new Fuzzer(new("spoilt", [[1, 2, 3, 4, 5, 6, 7, 8]], read), limit ?? s_limit).Run(0, 300);

    [Test]
    public void A_reader_that_fails_is_reported_with_seed_and_mutation()
    {
        Assert.That(Found((bytes, _) => GC.KeepAlive(bytes[7])), Does.Match(@"^spoilt, ILGPUXAI_FUZZ=\d+\+1, seed file 0 of 8 bytes, .*: System.IndexOutOfRangeException"));
        Assert.That(Found((bytes, _) => { if (bytes.Length > 8) throw new FormatException("long"); }), Does.Contain("System.FormatException: long"));
    }

    [Test]
    public void Hangs_and_memory_are_noticed()
    {
        using var gate = new ManualResetEventSlim();
        string? hang = Found((bytes, _) => { if (bytes.Length > 8) gate.Wait(); }, TimeSpan.FromSeconds(0.3));
        gate.Set();
        Assert.That(hang, Does.EndWith("not done after 0.3 s"));
        Assert.That(Found((bytes, _) => { if (bytes.Length > 8) GC.KeepAlive(new byte[5 << 20]); }), Does.Match(@"took 52\d+ bytes of memory for an input of \d+, \d+ are allowed$"));
    }

    [Test]
    public void Refusals_name_the_file_in_one_line()
    {
        Assert.That(Found((bytes, name) => { if (bytes.Length > 8) throw new DataException(name, "is long"); }), Is.Null);
        Assert.That(Found((bytes, _) => { if (bytes.Length > 8) throw new DataException("x", "is long"); }), Does.EndWith("the message does not begin with the file's name: x: is long"));
    }

    [Test]
    public void A_seed_gives_the_same_bytes_again_and_every_kind_of_mutation_is_made()
    {
        var reader = new FuzzedReader("any", [Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog"), [1, 2, 3]], (_, _) => { });
        byte[] first = Mutation.Of(reader, 5).Bytes, second = Mutation.Of(reader, 5).Bytes;
        Assert.That(second, Is.EqualTo(first));
        string all = string.Join(", ", Enumerable.Range(0, 300).Select(seed => Mutation.Of(reader, seed).Words));
        foreach (string word in new[] { "flip bit", "set byte", "cut at", "insert", "remove", "repeat", "swap", "fill", "write", "replace" }) Assert.That(all, Does.Contain(word));
    }
}
