using System.Reflection;
using ILGPU;
using IlgpuXai.Simt;

namespace IlgpuXai.Kernels;

/// <summary>Runs kernels on the host by rewriting them into resumable methods.</summary>
sealed class SimtRunner(SimtMode mode, int workers) : AddressedRunner
{
    protected override IAddressedKernel Compile(MethodInfo kernel) => new Kernel(SimtKernel.Compile(kernel, mode), workers);

    sealed unsafe class Kernel(SimtKernel kernel, int workers) : IAddressedKernel
    {
        public void Launch(in KernelConfig config, void** args) => kernel.Launch(config, args, workers);
        public void LaunchAuto(int extent, void** args) => kernel.LaunchAutoGrouped(extent, args, workers);
    }
}
