using IlgpuXai.Jit;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Where the run-time compiler is looked for, on folders made for the test.</summary>
public sealed class NvrtcSearchTests
{
    static readonly string[] s_names = ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];

    [Test]
    public void Without_any_file_the_loader_is_asked_by_name()
    {
        using var root = new TempFolder();
        Assert.That(Search(root), Is.EqualTo(s_names));
        Assert.That(new NvrtcSearch(_ => null, windows: true, root.Path).Candidates(), Is.EqualTo(new[] { "nvrtc64_130_0.dll", "nvrtc64_120_0.dll" }));
    }

    [Test]
    public void Toolkits_come_before_the_distribution_and_both_before_Python_wheels()
    {
        using var root = new TempFolder();
        string[] expected =
        [
            Touch(root, "home/toolkit/lib64/libnvrtc.so.12"),
            Touch(root, "opt/path/targets/x86_64-linux/lib/libnvrtc.so.13"),
            Touch(root, "usr/local/cuda/lib64/libnvrtc.so"),
            Touch(root, "usr/local/cuda-13.0/lib64/libnvrtc.so.13"),
            Touch(root, "usr/local/cuda-12.10/targets/x86_64-linux/lib/libnvrtc.so.12"),
            Touch(root, "usr/local/cuda-12.9/lib64/libnvrtc.so.12"),
            Touch(root, "usr/lib/x86_64-linux-gnu/libnvrtc.so.12"),
            Touch(root, "venv/lib/python3.11/site-packages/nvidia/cu13/lib/libnvrtc.so.13"),
            Touch(root, "venv/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
            Touch(root, "conda/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
            Touch(root, "me/.local/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
            Touch(root, "me/.local/lib/python3.9/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
            Touch(root, "usr/local/lib/python3.12/dist-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
            Touch(root, "usr/lib/python3/dist-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"),
        ];
        Touch(root, "usr/local/cudnn/lib64/libnvrtc.so.12");
        Touch(root, "usr/lib/python2.7/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
        Touch(root, "usr/lib/x86_64-linux-gnu/libnvrtc.so.11.2");
        var found = Search(root, ("CUDA_HOME", root.File("home/toolkit")), ("CUDA_PATH", root.File("opt/path")), ("VIRTUAL_ENV", root.File("venv")),
            ("CONDA_PREFIX", root.File("conda")), ("HOME", root.File("me")));
        Assert.That(found, Is.EqualTo(s_names.Concat(expected)));
    }

    [Test]
    public void In_a_folder_the_newer_version_comes_first_and_a_folder_named_twice_counts_once()
    {
        using var root = new TempFolder();
        string twelve = Touch(root, "usr/local/cuda/lib64/libnvrtc.so.12"), thirteen = Touch(root, "usr/local/cuda/lib64/libnvrtc.so.13");
        Assert.That(Search(root, ("CUDA_HOME", root.File("usr/local/cuda")), ("CUDA_PATH", "")), Is.EqualTo(s_names.Concat([thirteen, twelve])));
    }

    [Test]
    public void Windows_has_toolkits_and_wheels_with_other_names()
    {
        using var root = new TempFolder();
        string toolkit = Touch(root, "toolkit/bin/x64/nvrtc64_130_0.dll"), wheel = Touch(root, "venv/Lib/site-packages/nvidia/cuda_nvrtc/bin/nvrtc64_120_0.dll");
        var search = new NvrtcSearch(name => name switch { "CUDA_PATH" => root.File("toolkit"), "VIRTUAL_ENV" => root.File("venv"), _ => null }, windows: true, root.Path);
        Assert.That(search.Candidates().Skip(2), Is.EqualTo(new[] { toolkit, wheel }));
    }

    [TestCase(90, "sm_90"), TestCase(75, "sm_75")]
    [TestCase(120, "compute_90", TestName = "A_device_newer_than_the_compiler_gets_PTX_of_the_newest_architecture")]
    [TestCase(88, "compute_86", TestName = "A_device_between_two_architectures_gets_PTX_of_the_older_one")]
    [TestCase(61, null, TestName = "A_device_older_than_all_architectures_gets_nothing")]
    public void Architectures(int device, string? expected) => Assert.That(NvrtcOptions.Architecture(device, [75, 80, 86, 90]), Is.EqualTo(expected));

    [TestCase(KernelMath.Exact, "--gpu-architecture=sm_90 --std=c++17 --fmad=false --prec-div=true --prec-sqrt=true --ftz=false")]
    [TestCase(KernelMath.Contracted, "--gpu-architecture=sm_90 --std=c++17")]
    [TestCase(KernelMath.Fast, "--gpu-architecture=sm_90 --std=c++17 --use_fast_math")]
    public void The_arithmetic_decides_the_options(KernelMath math, string options) => Assert.That(string.Join(' ', NvrtcOptions.For(math, "sm_90")), Is.EqualTo(options));

    static List<string> Search(TempFolder root, params (string Name, string Value)[] set) =>
        [.. new NvrtcSearch(name => set.FirstOrDefault(v => v.Name == name).Value, windows: false, root.Path).Candidates()];

    static string Touch(TempFolder root, string file)
    {
        string path = root.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
