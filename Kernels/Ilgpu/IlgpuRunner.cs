using ILGPU;
using ILGPU.Runtime;

namespace IlgpuXai.Kernels;

/// <summary>ILGPU compiles and launches: each kernel at its first launch, on the accelerator's default stream.</summary>
sealed class IlgpuRunner(Accelerator accelerator) : IKernelRunner
{
    public Action<KernelConfig, T1> Load<T1>(Action<T1> kernel)
        where T1 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1) => compiled.Value(config, a1);
    }

    public Action<KernelConfig, T1, T2> Load<T1, T2>(Action<T1, T2> kernel)
        where T1 : struct where T2 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2) => compiled.Value(config, a1, a2);
    }

    public Action<KernelConfig, T1, T2, T3> Load<T1, T2, T3>(Action<T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3) => compiled.Value(config, a1, a2, a3);
    }

    public Action<KernelConfig, T1, T2, T3, T4> Load<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4) => compiled.Value(config, a1, a2, a3, a4);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5> Load<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5) => compiled.Value(config, a1, a2, a3, a4, a5);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6> Load<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5, T6>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5, a6) => compiled.Value(config, a1, a2, a3, a4, a5, a6);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7> Load<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5, a6, a7) => compiled.Value(config, a1, a2, a3, a4, a5, a6, a7);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8> Load<T1, T2, T3, T4, T5, T6, T7, T8>(Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8) => compiled.Value(config, a1, a2, a3, a4, a5, a6, a7, a8);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9) => compiled.Value(config, a1, a2, a3, a4, a5, a6, a7, a8, a9);
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        var compiled = new Lazy<Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>>(() => accelerator.LoadStreamKernel(kernel));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10) => compiled.Value(config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
    }

    public Action<Index1D, T1> LoadAuto<T1>(Action<Index1D, T1> kernel)
        where T1 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1) => { if (extent > 0) compiled.Value(extent, a1); };
    }

    public Action<Index1D, T1, T2> LoadAuto<T1, T2>(Action<Index1D, T1, T2> kernel)
        where T1 : struct where T2 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2) => { if (extent > 0) compiled.Value(extent, a1, a2); };
    }

    public Action<Index1D, T1, T2, T3> LoadAuto<T1, T2, T3>(Action<Index1D, T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3) => { if (extent > 0) compiled.Value(extent, a1, a2, a3); };
    }

    public Action<Index1D, T1, T2, T3, T4> LoadAuto<T1, T2, T3, T4>(Action<Index1D, T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5> LoadAuto<T1, T2, T3, T4, T5>(Action<Index1D, T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6> LoadAuto<T1, T2, T3, T4, T5, T6>(Action<Index1D, T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5, T6>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5, a6) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5, a6); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7> LoadAuto<T1, T2, T3, T4, T5, T6, T7>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5, T6, T7>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5, a6, a7) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5, a6, a7); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5, a6, a7, a8); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8, a9) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5, a6, a7, a8, a9); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        var compiled = new Lazy<Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>>(() => accelerator.LoadAutoGroupedStreamKernel(kernel));
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10) => { if (extent > 0) compiled.Value(extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10); };
    }
}
