using IlgpuXai.Jit;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class KernelCacheTests
{
    static readonly byte[] s_binary = [1, 2, 3, 250, 0, 7];

    [Test]
    public void A_stored_binary_is_found_by_another_cache_on_the_same_folder_and_not_built_again()
    {
        using var folder = new TempFolder();
        string key = KernelCache.Key("text", "options");
        byte[] built = new KernelCache(folder.Path).GetOrBuild(key, () => s_binary);
        byte[] found = new KernelCache(folder.Path).GetOrBuild(key, () => throw new AssertionException("built again"));
        Assert.That((built, found), Is.EqualTo((s_binary, s_binary)));
    }

    [Test]
    public void Another_key_is_another_entry()
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        cache.Store(KernelCache.Key("one"), [1]);
        cache.Store(KernelCache.Key("two"), [2]);
        Assert.That((cache.Find(KernelCache.Key("one")), cache.Find(KernelCache.Key("two")), cache.Find(KernelCache.Key("three"))), Is.EqualTo((new byte[] { 1 }, new byte[] { 2 }, (byte[]?)null)));
    }

    [Test]
    public void Letters_that_move_from_one_part_to_the_next_change_the_key()
    {
        string[] keys = [KernelCache.Key("ab", "c"), KernelCache.Key("a", "bc"), KernelCache.Key("abc"), KernelCache.Key("abc", ""), KernelCache.Key("", "abc")];
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Has.All.Match("^[0-9a-f]{64}$"));
    }

    [Test]
    public void A_truncated_entry_is_deleted_and_built_again()
    {
        Damage(bytes => bytes[..^1]);
        Damage(bytes => bytes[..20]);
        Damage(bytes => bytes[..32]);
        Damage(_ => []);
    }

    [Test]
    public void An_entry_with_a_flipped_bit_is_deleted_and_built_again()
    {
        Damage(bytes => { bytes[0] ^= 1; return bytes; });
        Damage(bytes => { bytes[^1] ^= 128; return bytes; });
    }

    static void Damage(Func<byte[], byte[]> change)
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        string key = KernelCache.Key("text");
        cache.Store(key, s_binary);
        string file = Directory.GetFiles(folder.Path).Single();
        File.WriteAllBytes(file, change(File.ReadAllBytes(file)));
        Assert.That(cache.Find(key), Is.Null);
        Assert.That(File.Exists(file), Is.False);
        Assert.That(cache.GetOrBuild(key, () => s_binary), Is.EqualTo(s_binary));
        Assert.That(cache.Find(key), Is.EqualTo(s_binary));
    }

    [Test]
    public void An_entry_under_the_name_of_another_is_not_taken_for_it()
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        cache.Store(KernelCache.Key("one"), s_binary);
        File.Move(Directory.GetFiles(folder.Path).Single(), Path.Combine(folder.Path, KernelCache.Key("two") + ".bin"));
        Assert.That(cache.Find(KernelCache.Key("two")), Is.Null);
    }

    [Test]
    public void A_refused_entry_is_built_anew_and_replaces_the_old_one()
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        string key = KernelCache.Key("text");
        cache.Store(key, [9]);
        byte[] loaded = cache.Load(key, () => s_binary, binary => binary[0] == 9 ? throw new GpuException("no kernel image") : binary);
        Assert.That((loaded, cache.Find(key)), Is.EqualTo((s_binary, s_binary)));
    }

    [Test]
    public void A_refusal_of_a_fresh_binary_reaches_the_caller_after_one_build()
    {
        using var folder = new TempFolder();
        int builds = 0;
        byte[] Build() { builds++; return s_binary; }
        Assert.That(() => new KernelCache(folder.Path).Load<int>(KernelCache.Key("text"), Build, _ => throw new GpuException("refused")), Throws.TypeOf<GpuException>().With.Message.EqualTo("refused"));
        Assert.That(builds, Is.EqualTo(1));
    }

    [Test]
    public void A_failed_build_stores_nothing()
    {
        using var folder = new TempFolder();
        Assert.That(() => new KernelCache(folder.Path).GetOrBuild(KernelCache.Key("text"), () => throw new GpuException("error: expected ';'")), Throws.TypeOf<GpuException>());
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [TestCase("file/below", TestName = "A_folder_that_cannot_be_made_keeps_nothing_and_fails_nothing")]
    [TestCase("nul\0l", TestName = "A_folder_name_that_is_no_path_keeps_nothing_and_fails_nothing")]
    public void Without_folder(string name)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "file"), "");
        var cache = new KernelCache(folder.Path + "/" + name);
        string key = KernelCache.Key("text");
        Assert.That(cache.GetOrBuild(key, () => s_binary), Is.EqualTo(s_binary));
        Assert.That(cache.Load(key, () => s_binary, b => b), Is.EqualTo(s_binary));
        Assert.That(cache.Find(key), Is.Null);
        cache.Remove(key);
    }

    [Test]
    public void Many_writers_and_readers_of_one_entry_see_it_whole_and_leave_one_file()
    {
        using var folder = new TempFolder();
        string key = KernelCache.Key("text");
        byte[] large = new byte[100_000];
        new Random(5).NextBytes(large);
        Parallel.For(0, 64, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            var cache = new KernelCache(folder.Path);
            if (i % 2 == 0) cache.Store(key, large);
            else Assert.That(cache.Find(key), Is.Null.Or.EqualTo(large));
        });
        Assert.That(new KernelCache(folder.Path).Find(key), Is.EqualTo(large));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void The_user_chooses_the_folder_then_the_desktop_standard_then_the_home()
    {
        Assert.That(Folder(("ILGPUXAI_CACHE", "/c"), ("XDG_CACHE_HOME", "/x"), ("HOME", "/h")), Is.EqualTo("/c"));
        Assert.That(Folder(("ILGPUXAI_CACHE", ""), ("XDG_CACHE_HOME", "/x"), ("HOME", "/h")), Is.EqualTo(Path.Combine("/x", "ilgpuxai")));
        Assert.That(Folder(("XDG_CACHE_HOME", "relative"), ("HOME", "/h")), Is.EqualTo(Path.Combine("/h", ".cache", "ilgpuxai")));
        Assert.That(KernelCache.UserFolder(_ => null, windows: true), Is.EqualTo(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ilgpuxai")));

        static string Folder(params (string Name, string Value)[] set) => KernelCache.UserFolder(name => set.FirstOrDefault(v => v.Name == name).Value, windows: false);
    }
}
