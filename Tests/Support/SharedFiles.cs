using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Real data, weights and reference outputs that live beside the project; tests that need them are ignored where they are missing.</summary>
static class SharedFiles
{
    /// <summary>The folder <c>data</c>: <c>ILGPUXAI_DATA</c>, else <c>../shared/data</c> beside the repository.</summary>
    public static string Data(params string[] parts) =>
        Find(Environment.GetEnvironmentVariable("ILGPUXAI_DATA") ?? Path.Combine(Root, "..", "shared", "data"), parts);

    /// <summary>The folder <c>weights</c>: <c>ILGPUXAI_WEIGHTS</c>, else <c>../shared/weights</c> beside the repository.</summary>
    public static string Weights(params string[] parts) =>
        Find(Environment.GetEnvironmentVariable("ILGPUXAI_WEIGHTS") ?? Path.Combine(Root, "..", "shared", "weights"), parts);

    /// <summary>The folder <c>reference</c>, results of other programs: <c>ILGPUXAI_REFERENCE</c>, else <c>../shared/reference</c> beside the repository.</summary>
    public static string Reference(params string[] parts) =>
        Find(Environment.GetEnvironmentVariable("ILGPUXAI_REFERENCE") ?? Path.Combine(Root, "..", "shared", "reference"), parts);

    /// <summary>The folder <c>design</c>: <c>ILGPUXAI_DESIGN</c>, else <c>../shared/design</c> beside the repository.</summary>
    public static string Design(params string[] parts) =>
        Find(Environment.GetEnvironmentVariable("ILGPUXAI_DESIGN") ?? Path.Combine(Root, "..", "shared", "design"), parts);

    public static string Root { get; } = FindRoot();

    static string Find(string folder, string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        if (!Path.Exists(path)) Assert.Ignore($"needs {path}");
        return path;
    }

    static string FindRoot()
    {
        var d = new DirectoryInfo(AppContext.BaseDirectory);
        while (d is not null && !File.Exists(Path.Combine(d.FullName, "IlgpuXai.sln"))) d = d.Parent;
        return d?.FullName ?? throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
