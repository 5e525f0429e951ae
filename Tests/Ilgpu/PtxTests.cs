using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Every kernel through ILGPU's compiler for NVIDIA GPUs, which needs none.</summary>
sealed class PtxTests
{
    readonly Context _context = Context.Create(b => b.CPU(new CPUDevice(2, 1, 1)).EnableAlgorithms());
    readonly Accelerator _accelerator;

    public PtxTests() => _accelerator = _context.CreateCPUAccelerator(0);

    [OneTimeTearDown]
    public void Close()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }

    static IEnumerable<TestCaseData> Kernels => KernelMethods.All.Select(k => new TestCaseData(k).SetArgDisplayNames(KernelMethods.Name(k)));

    [TestCaseSource(nameof(Kernels))]
    public void A_kernel_becomes_ptx_without_doubles(MethodInfo kernel)
    {
        using var backend = new PTXBackend(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_75, null!);
        var entry = IsAutoGrouped(kernel) ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel) : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        var compiled = (PTXCompiledKernel)backend.Compile(entry, new KernelSpecialization());
        Assert.That(compiled.PTXAssembly, Does.Contain(".entry"));
        bool isPower = kernel.DeclaringType!.GetGenericArguments().Contains(typeof(Power));      // ILGPU's own pow of floats compares with a double zero
        Assert.That(compiled.PTXAssembly.Contains(".f64", StringComparison.Ordinal), Is.EqualTo(isPower));
    }

    /// <summary>ILGPU checks parameters where it makes a launcher: structs of numbers and views, no bool among them.</summary>
    [TestCaseSource(nameof(Kernels))]
    public void A_kernel_can_be_launched(MethodInfo kernel)
    {
        using var launcher = IsAutoGrouped(kernel) ? _accelerator.LoadAutoGroupedKernel(kernel) : _accelerator.LoadKernel(kernel);
        Assert.That(launcher, Is.Not.Null);
    }

    static bool IsAutoGrouped(MethodInfo kernel) => kernel.GetParameters()[0].ParameterType == typeof(Index1D);
}
