using System.Text.RegularExpressions;
using IlgpuXai.Experiments;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public partial class WeightRegistryTests
{
    [Test]
    public void Every_entry_says_what_it_is_and_where_it_comes_from()
    {
        Assert.That(WeightRegistry.All.Select(e => e.Name), Is.Unique);
        foreach (var entry in WeightRegistry.All)
        {
            Assert.That(entry.Sha256, Does.Match("^[0-9a-f]{8,64}$"), entry.Name);
            Assert.That(WeightEntry.Preprocessings, Does.Contain(entry.Preprocessing), entry.Name);
            Assert.That((entry.Source is null, entry.File is null), Is.EqualTo((false, true)).Or.EqualTo((true, false)), $"{entry.Name}: shipped or fetched");
            Assert.That(entry.Licence, Is.Not.Empty);
            if (entry.Source is not { } source) continue;
            Assert.That(new Uri(source).Scheme, Is.EqualTo("https"), entry.Name);
            Assert.That(TorchvisionDigits().Match(source).Groups[1].Value, Is.EqualTo(entry.Sha256), $"{entry.Name}: torchvision states the first digits of the digest in the name");
        }
        Assert.That(WeightRegistry.All.Select(e => e.FileName), Is.Unique, "each has its own place in the cache");
    }

    [Test]
    public void Shipped_weights_are_what_the_registry_states()
    {
        using var folder = new TempFolder();
        foreach (var entry in WeightRegistry.All.Where(e => e.File is not null))
        {
            string file = WeightFiles.Resolve(entry.Name, new(folder.Path));
            Assert.That(file, Is.EqualTo(Path.Combine(SharedFiles.Root, "weights", entry.File!)));
            Assert.That((Network.HashOf(file), new FileInfo(file).Length), Is.EqualTo((entry.Sha256, entry.Bytes)));
        }
    }

    [Test]
    public void A_name_is_the_cached_file_or_the_way_to_get_it()
    {
        using var folder = new TempFolder();
        var cache = new WeightCache(folder.Path);
        Assert.That(() => WeightFiles.Resolve("resnet18", cache), Throws.TypeOf<UserException>().With.Message.EqualTo("resnet18: these weights are not here; ilgpuxai weights fetch resnet18 gets them"));
        Assert.That(() => WeightFiles.For("resnet50", cache), Throws.TypeOf<UserException>().With.Message.EqualTo(
            "resnet50: no weights of this model are here; ilgpuxai weights fetch resnet50 gets them, or name a file with --weights"));
        string file = folder.Write("resnet50-11ad3fa6.pth", [1]);
        Assert.That(WeightFiles.For("resnet50", cache), Is.EqualTo(file));
        Assert.That(WeightFiles.Resolve("resnet50-v2", cache), Is.EqualTo(file));
        Assert.That(WeightFiles.Resolve(file, cache), Is.EqualTo(file));
    }

    [GeneratedRegex("-([0-9a-f]{8})\\.pth$")]
    private static partial Regex TorchvisionDigits();
}
