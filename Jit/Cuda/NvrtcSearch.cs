using System.Text.RegularExpressions;

namespace IlgpuXai.Jit;

/// <summary>Where NVIDIA's run-time compiler may be, in the order in which it is tried.</summary>
/// <remarks>
/// What the loader finds by name, toolkits (<c>CUDA_HOME</c>, <c>CUDA_PATH</c>, <c>/usr/local/cuda*</c>), packages of the distribution, then Python wheels of
/// <c>nvidia-cuda-nvrtc</c> in the active environment, the home and the system. In each folder CUDA 13 comes before 12; of several toolkits the newest.
/// </remarks>
/// <param name="environment">Value of an environment variable.</param>
/// <param name="root">What stands for <c>/</c>, for tests; variables are taken as they are.</param>
public sealed partial class NvrtcSearch(Func<string, string?> environment, bool windows, string root = "/")
{
    /// <summary>The variable with the file that is used and no other.</summary>
    public const string Variable = "ILGPUXAI_NVRTC";

    public static NvrtcSearch OfSystem() => new(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows());

    /// <summary>Names for the loader first, then files that exist.</summary>
    public IEnumerable<string> Candidates() => Names.Concat(Folders().Distinct().SelectMany(Files));

    IReadOnlyList<string> Names => windows ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll"] : ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];

    IEnumerable<string> Files(string folder) => Names.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    IEnumerable<string> Folders() => Toolkits().SelectMany(BelowToolkit).Concat(windows ? [] : Distribution()).Concat(SitePackages().SelectMany(BelowSitePackages));

    IEnumerable<string> Toolkits()
    {
        foreach (string variable in (string[])["CUDA_HOME", "CUDA_PATH"])
            if (Set(variable) is { } toolkit) yield return toolkit;
        if (windows) yield break;
        foreach (string toolkit in Matching(Path.Combine(root, "usr/local"), "cuda*")) yield return toolkit;
    }

    IEnumerable<string> BelowToolkit(string toolkit) =>
        Below(toolkit, windows ? ["bin/x64", "bin"] : ["lib64", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib", "lib"]);

    IEnumerable<string> Distribution() => Below(Path.Combine(root, "usr"), ["lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "lib64"]);

    IEnumerable<string> SitePackages()
    {
        foreach (string variable in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
            if (Set(variable) is { } prefix)
                foreach (string lib in windows ? [Path.Combine(prefix, "Lib")] : Pythons(Path.Combine(prefix, "lib"))) yield return Path.Combine(lib, "site-packages");
        if (windows) yield break;
        string?[] libs = [Set("HOME") is { } home ? Path.Combine(home, ".local/lib") : null, Path.Combine(root, "usr/local/lib"), Path.Combine(root, "usr/lib")];
        foreach (string lib in libs.OfType<string>())
            foreach (string python in Pythons(lib).Append(Path.Combine(lib, "python3")))
                foreach (string packages in Below(python, ["site-packages", "dist-packages"])) yield return packages;
    }

    static IEnumerable<string> Pythons(string lib) => Matching(lib, "python3.*");

    IEnumerable<string> BelowSitePackages(string packages) =>
        Below(packages, windows ? ["nvidia/cu13/bin/x86_64", "nvidia/cuda_nvrtc/bin"] : ["nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib"]);

    static IEnumerable<string> Below(string folder, string[] parts) => parts.Select(part => Path.Combine(folder, part));

    string? Set(string variable) => environment(variable) is { Length: > 0 } value ? value : null;

    // The one without a number (a link to the chosen version) first, then by falling numbers: 3.12 before 3.9.
    static IEnumerable<string> Matching(string folder, string pattern)
    {
        try
        {
            return [.. Directory.GetDirectories(folder, pattern).OrderBy(d => Numbers().IsMatch(Path.GetFileName(d)))
                .ThenByDescending(d => Numbers().Replace(Path.GetFileName(d), m => m.Value.PadLeft(6, '0')), StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
