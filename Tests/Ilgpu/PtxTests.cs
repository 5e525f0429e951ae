using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Every kernel through ILGPU's compiler for NVIDIA GPUs, which needs none.</summary>
sealed class PtxTests
{
    readonly Context _context = Context.Create(b => b.EnableAlgorithms());

    [OneTimeTearDown]
    public void Close() => _context.Dispose();

    static IEnumerable<TestCaseData> Kernels => KernelMethods.All.Select(k => new TestCaseData(k).SetArgDisplayNames(KernelMethods.Name(k)));

    [TestCaseSource(nameof(Kernels))]
    public void A_kernel_becomes_ptx_without_doubles(MethodInfo kernel)
    {
        using var backend = new PTXBackend(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_75, null!);
        bool auto = kernel.GetParameters()[0].ParameterType == typeof(Index1D);
        var entry = auto ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel) : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        var compiled = (PTXCompiledKernel)backend.Compile(entry, new KernelSpecialization());
        Assert.That(compiled.PTXAssembly, Does.Contain(".entry").And.Not.Contain(".f64"));
    }
}
