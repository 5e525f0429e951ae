using System.Reflection;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Which room may open which door: read from the compiled assemblies, so a project reference that nothing uses does not count and a forbidden use does.</summary>
public class ArchitectureTests
{
    static readonly Dictionary<string, string[]> Doors = new()
    {
        ["IlgpuXai.Simt"] = [],
        ["IlgpuXai.Jit"] = ["IlgpuXai.Simt"],
        ["IlgpuXai.Kernels"] = ["IlgpuXai.Jit", "IlgpuXai.Simt"],
        ["IlgpuXai.Engine"] = ["IlgpuXai.Kernels", "IlgpuXai.Simt"],                                  // Simt: the view type
        ["IlgpuXai.Data"] = [],
        ["IlgpuXai.Models"] = ["IlgpuXai.Engine", "IlgpuXai.Kernels", "IlgpuXai.Simt"],
        ["IlgpuXai.Stats"] = ["MathNet.Numerics"],
        ["IlgpuXai.Xai"] = ["IlgpuXai.Data", "IlgpuXai.Engine", "IlgpuXai.Kernels", "IlgpuXai.Simt", "MathNet.Numerics"],
        ["IlgpuXai.Experiments"] = ["IlgpuXai.Data", "IlgpuXai.Engine", "IlgpuXai.Kernels", "IlgpuXai.Models", "IlgpuXai.Simt", "IlgpuXai.Stats", "IlgpuXai.Xai"],
        ["ilgpuxai"] = ["IlgpuXai.Data", "IlgpuXai.Engine", "IlgpuXai.Experiments", "IlgpuXai.Jit", "IlgpuXai.Kernels", "IlgpuXai.Models", "IlgpuXai.Simt", "IlgpuXai.Stats", "IlgpuXai.Xai", "Spectre.Console", "System.CommandLine"],
    };

    static IEnumerable<string> Rooms => Doors.Keys;

    [TestCaseSource(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_it_may(string room)
    {
        if (IsBoundToIlgpu && room is "IlgpuXai.Simt" or "IlgpuXai.Jit") Assert.Ignore("this build is bound to ILGPU");
        string[] views = Doors[room].Contains("IlgpuXai.Simt") ? ["ILGPU", "ILGPU.Algorithms"] : [];        // where the build is bound to it
        var used = Assembly.Load(room).GetReferencedAssemblies().Select(a => a.Name!).Where(n => !IsFramework(n));
        Assert.That(used, Is.SubsetOf(Doors[room].Concat(views)));
    }

    [Test]
    public void The_arrows_have_no_cycle()
    {
        foreach (string room in Rooms) Assert.That(Reach(room), Has.No.Member(room));

        static IEnumerable<string> Reach(string room) => Doors.GetValueOrDefault(room, []).SelectMany(r => Reach(r).Prepend(r));
    }

    [Test]
    public void Every_room_of_the_solution_is_listed()
    {
        var projects = File.ReadLines(Path.Combine(SharedFiles.Root, "IlgpuXai.sln")).Where(l => l.StartsWith("Project(", StringComparison.Ordinal)).Select(l => l.Split('"')[3]);
        Assert.That(projects.Except(["Tests", "Bench"]).Select(p => p == "Cli" ? "ilgpuxai" : $"IlgpuXai.{p}"), Is.EquivalentTo(Rooms));
    }

    static bool IsBoundToIlgpu => typeof(ILGPU.ArrayView<float>).Assembly.GetName().Name == "ILGPU";

    static bool IsFramework(string name) =>
        name is "netstandard" or "mscorlib" || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine";
}
