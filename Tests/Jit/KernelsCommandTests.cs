using System.Text.Json;
using IlgpuXai.Cli;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class KernelsCommandTests
{
    static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(words, output, error), output.ToString(), error.ToString());
    }

    [Test]
    public void List_names_every_kernel()
    {
        var (code, output, _) = Run("kernels", "list", "--json");
        Assert.That(code, Is.Zero);
        Assert.That(JsonDocument.Parse(output).RootElement.EnumerateArray().Select(k => k.GetProperty("name").GetString()), Is.EqualTo(KernelCatalogue.All.Keys));
    }

    [TestCase("cuda", "extern \"C\" __global__ void __launch_bounds__(256) Pool2d_Max(")]
    [TestCase("opencl", "__kernel void Pool2d_Max(")]
    public void Show_prints_the_text(string language, string head)
    {
        var (code, output, _) = Run("kernels", "show", "Pool2d.Max", "--as", language);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.StartWith("// Pool2d.Max, from GpuPool2d.cs(").And.Contain(head));
    }

    [TestCase("kernels", "kernels: list or show was expected")]
    [TestCase("kernels show", "Required argument missing for command: 'show'.")]
    [TestCase("kernels show Pool2d.Mx", "unknown kernel 'Pool2d.Mx': did you mean 'Pool2d.Max'?")]
    [TestCase("kernels show Pool2d.Max --as hip", "--as 'hip': known are cuda, opencl, ptx")]
    public void A_wrong_word_is_one_line_and_code_2(string words, string expected)
    {
        var (code, output, error) = Run(words.Split(' '));
        Assert.That((error, code), Is.EqualTo((expected + "\n", 2)));
        Assert.That(output, Is.Empty);
    }
}
