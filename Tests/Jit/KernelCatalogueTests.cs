using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Every kernel of the project becomes text for every device, keeps to the rules of all ways to run it, and compiles where a compiler is.</summary>
public class KernelCatalogueTests
{
    static IEnumerable<string> Names => KernelCatalogue.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_kernel_becomes_text_in_single_precision(string name)
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            var text = KernelTranslator.Translate(KernelCatalogue.All[name], new(language) { Restrict = true });
            Assert.That(text.EntryPoint, Is.EqualTo(name.Replace('.', '_')));
            Assert.That(text.Text, Does.Contain($" {text.EntryPoint}(").And.Not.Match("double|fp64"));
            Assert.That(text.Text, Does.Not.Contain("goto"), "kernels of this project are structured");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_kernel_keeps_to_the_rules_of_ILGPU(string name) => Assert.That(() => IlgpuRules.Check(KernelCatalogue.All[name]), Throws.Nothing);

    [Test]
    public void Every_kernel_compiles_for_OpenCL()
    {
        using var device = (OpenClDevice)TestDevices.OrIgnore(() => new OpenClDevice());
        foreach (var (name, method) in KernelCatalogue.All)
            Assert.That(() => device.Context.Build(KernelTranslator.Translate(method, new(Language.OpenCl) { Restrict = true })), Throws.Nothing, name);
    }

    [Test]
    public void Every_kernel_compiles_for_CUDA()
    {
        using var device = CudaDevice.Find().Reason is null ? new CudaDevice() : EmulatedCuda.Open();
        foreach (var (name, method) in KernelCatalogue.All)
            Assert.That(() => device.Context.Build(KernelTranslator.Translate(method, new(Language.Cuda) { Restrict = true })), Throws.Nothing, name);
    }

    [Test]
    public void Generic_families_are_listed_once_for_each_function()
    {
        Assert.That(Names, Does.Contain("Pool2d.Max").And.Contain("Unary.Backward.Gelu").And.Contain("Reduce.Rows.Maximum").And.Contain("TiledProduct.MatrixProduct.Plain.Turned.MatMulShape"));
        Assert.That(Names, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        int unaries = typeof(IUnary).Assembly.GetTypes().Count(t => t.IsValueType && t.IsAssignableTo(typeof(IUnary)));
        Assert.That(Names.Count(n => n.StartsWith("Unary.Forward.", StringComparison.Ordinal)), Is.EqualTo(unaries));
    }

    [Test]
    public void Every_static_method_called_a_kernel_is_loaded_by_its_family()
    {
        var methods = from type in typeof(SimtDevice).Assembly.GetTypes()
                      from m in type.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly)
                      where m.Name.EndsWith("Kernel", StringComparison.Ordinal) && m.ReturnType == typeof(void)
                      select (m.Module, m.MetadataToken);
        Assert.That(methods.Except(KernelCatalogue.All.Values.Select(m => (m.Module, m.MetadataToken))), Is.Empty);
    }
}
