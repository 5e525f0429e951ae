using System.Reflection;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What <c>Simt/Vocabulary</c> declares is ILGPU's, member by member: kernels compile against either.</summary>
sealed class VocabularyTests
{
    /// <summary>Members that only the host needs: views are made from addresses here, from buffers there.</summary>
    static readonly string[] HostOnly = ["ArrayView<T>: ArrayView<T>(T* data, long length)", "ArrayView<T>: T* Data { get; }"];

    /// <summary>Types of ILGPU's that the page mentions without their members, and members beside those it lists.</summary>
    static readonly string[] BesideThePage =
    [
        "Index2D", "Index3D", "LongIndex1D", "SharedMemoryConfig", "SpecializedValue", "SpecializedValue<T>", "IStride1D", "Stride1D.Dense",
        "XMath: const float PI", "XMath: const float E", "XMath: static int Min(int first, int second)", "XMath: static int Max(int first, int second)",
    ];

    static readonly Type[] s_types = [.. typeof(ArrayView<>).Assembly.GetExportedTypes().Where(t => t.Namespace is "ILGPU" or "ILGPU.Runtime" or "ILGPU.Algorithms")];

    static IEnumerable<string> Declared => s_types.SelectMany(Signatures.Of).Except(HostOnly);

    [Test]
    public void Every_member_is_on_the_page_of_ilgpus_kernel_vocabulary()
    {
        var page = Signatures.OfPage(File.ReadLines(SharedFiles.Design("ilgpu-kernel-api.md"))).ToHashSet();
        Assert.That(page, Has.Count.GreaterThan(250));
        Assert.That(Declared.Where(s => !BesideThePage.Contains(s) && !BesideThePage.Contains(s.Split(": ")[0])).Except(page), Is.Empty);
    }

    [Test]
    public void Every_member_is_in_the_package()
    {
        var real = new[] { Package("ILGPU"), Package("ILGPU.Algorithms") };
        var members = s_types.Select(t => real.Select(a => a.GetType(t.FullName!)).FirstOrDefault(r => r is not null)).OfType<Type>().SelectMany(Signatures.Of).ToHashSet();
        Assert.That(Declared.Except(members), Is.Empty);
    }

    [Test]
    public void Members_on_no_list_are_noticed()
    {
        Assert.That(Declared, Does.Contain("Grid: static int IdxX { get; }").And.Contain("Warp: static T Shuffle<T>(T variable, int sourceLane, int width)"));
        Assert.That(HostOnly, Is.SubsetOf(s_types.SelectMany(Signatures.Of)));
        Assert.That(Signatures.OfPage(["```csharp", "static class ILGPU.Grid", "  static int IdxX { get; }   // of the group", "```"]), Is.EqualTo(new[] { "Grid: static int IdxX { get; }" }));
    }

    static Assembly Package(string name)
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string path = Path.Combine(packages, name.ToLowerInvariant(), "1.5.3", "lib", "net7.0", $"{name}.dll");
        if (!File.Exists(path)) Assert.Ignore($"needs {path}: a build with -p:Ilgpu=true restores it");
        return Assembly.LoadFrom(path);
    }
}
