using System.Reflection;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using IlgpuXai.Tests.RandomKernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class TranslationCacheTests
{
    [Test]
    public void Every_kernel_comes_back_as_it_was_translated([Values] Language language)
    {
        using var folder = new TempFolder();
        foreach (var (name, kernel) in KernelCatalogue.All)
        {
            var options = new TranslationOptions(language) { Restrict = true };
            var translated = new TranslationCache(new(folder.Path)).Translate(kernel, options);
            int entries = Directory.GetFiles(folder.Path).Length;
            var found = new TranslationCache(new(folder.Path)).Translate(kernel, options);
            Assert.That(Told(found), Is.EqualTo(Told(translated)).And.EqualTo(Told(KernelTranslator.Translate(kernel, options))), name);
            Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(entries), $"{name}: found, not stored again");
        }
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(KernelCatalogue.All.Count), "each kernel, closed over its type arguments, has an entry of its own");
    }

    [Test]
    public void An_entry_is_read_where_there_is_one()
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        var (one, other) = (KernelCatalogue.All.Values.First(), KernelCatalogue.All.Values.Last());
        var options = new TranslationOptions(Language.Cuda);
        string text = new TranslationCache(cache).Translate(one, options).Text;
        byte[] entry = cache.Find(Path.GetFileNameWithoutExtension(Directory.GetFiles(folder.Path).Single()))!;
        int at = entry.AsSpan().IndexOf("void"u8);
        entry[at] = (byte)'V';
        cache.Store(Path.GetFileNameWithoutExtension(Directory.GetFiles(folder.Path).Single()), entry);
        Assert.That(new TranslationCache(cache).Translate(one, options).Text, Does.Contain("Void").And.Not.EqualTo(text));
        Assert.That(new TranslationCache(cache).Translate(other, options).Text, Does.Not.Contain("Void"));
    }

    [Test]
    public void A_difference_in_options_or_constants_is_another_entry()
    {
        using var folder = new TempFolder();
        var cache = new TranslationCache(new(folder.Path));
        var kernel = KernelCatalogue.All.Values.First();
        var options = new TranslationOptions(Language.OpenCl);
        TranslationOptions[] all = [options, options with { Restrict = true }, options with { Math = KernelMath.Exact }, options with { MaxGroupSize = 512 }, new(Language.Cuda)];
        foreach (var o in all) cache.Translate(kernel, o);
        cache.Translate(kernel, options, "0:3f;");
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(all.Length + 1));
    }

    [Test]
    public void A_damaged_entry_is_translated_again()
    {
        using var folder = new TempFolder();
        var cache = new KernelCache(folder.Path);
        var (kernel, options) = (KernelCatalogue.All.Values.First(), new TranslationOptions(Language.Cuda));
        var expected = new TranslationCache(cache).Translate(kernel, options);
        string key = Path.GetFileNameWithoutExtension(Directory.GetFiles(folder.Path).Single());
        byte[] whole = cache.Find(key)!;
        foreach (byte[] entry in (byte[][])[[1], whole[..^1], [.. whole[..(whole.Length / 2)]], [255, 255, 255, 255, 255, .. whole]])
        {
            cache.Store(key, entry);
            Assert.That(Told(new TranslationCache(cache).Translate(kernel, options)), Is.EqualTo(Told(expected)));
            Assert.That(cache.Find(key), Is.EqualTo(whole), "and kept whole");
        }
    }

    [Test]
    public void Kernels_of_assemblies_in_memory_are_not_kept()
    {
        using var folder = new TempFolder();
        MethodInfo onDisk = KernelCompiler.Compile([RandomKernel.Make(3)], CompilerSettings.Release)![0].Device;
        var inMemory = Assembly.Load(File.ReadAllBytes(onDisk.Module.Assembly.Location));
        var kernel = (MethodInfo)inMemory.ManifestModule.ResolveMethod(onDisk.MetadataToken)!;
        Assert.That(new TranslationCache(new(folder.Path)).Translate(kernel, new(Language.Cuda)).Text, Is.Not.Empty);
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    static string Told(KernelText t) =>
        $"{t.EntryPoint} {t.IsAutoGrouped} {t.UsesDynamicShared} {t.PassesDynamicBytes} {t.UsesWarps} {t.CarvedSharedBytes} {t.Options}\n{string.Join('\n', t.Parameters)}\n{t.Text}";
}
