using System.Reflection;
using ILGPU;

#pragma warning disable CS8500        // addresses of arguments: what compiles a kernel refuses parameters that hold references

namespace IlgpuXai.Kernels;

/// <summary>A compiled kernel that takes its arguments by address: element i of <c>args</c> points to the value of argument i, the index not counted.</summary>
public unsafe interface IAddressedKernel
{
    void Launch(in KernelConfig config, void** args);
    void LaunchAuto(int extent, void** args);
}

/// <summary>Typed launches over kernels that take their arguments by address. A kernel is compiled at its first launch.</summary>
public abstract unsafe class AddressedRunner : IKernelRunner
{
    protected abstract IAddressedKernel Compile(MethodInfo kernel);

    /// <summary>Tells that a kernel may be launched later.</summary>
    protected virtual void Loaded(MethodInfo kernel) { }

    Lazy<IAddressedKernel> Later(Delegate kernel)
    {
        Loaded(kernel.Method);
        return new(() => Compile(kernel.Method));
    }

    public Action<KernelConfig, T1> Load<T1>(Action<T1> kernel)
        where T1 : struct
    {
        var compiled = Later(kernel);
        return (config, a1) => { void** args = stackalloc void*[] { &a1 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2> Load<T1, T2>(Action<T1, T2> kernel)
        where T1 : struct where T2 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2) => { void** args = stackalloc void*[] { &a1, &a2 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3> Load<T1, T2, T3>(Action<T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3) => { void** args = stackalloc void*[] { &a1, &a2, &a3 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4> Load<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5> Load<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6> Load<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5, a6) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7> Load<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5, a6, a7) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8> Load<T1, T2, T3, T4, T5, T6, T7, T8>(Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5, a6, a7, a8) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8, &a9 }; compiled.Value.Launch(config, args); };
    }

    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        var compiled = Later(kernel);
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8, &a9, &a10 }; compiled.Value.Launch(config, args); };
    }

    public Action<Index1D, T1> LoadAuto<T1>(Action<Index1D, T1> kernel)
        where T1 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1) => { void** args = stackalloc void*[] { &a1 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2> LoadAuto<T1, T2>(Action<Index1D, T1, T2> kernel)
        where T1 : struct where T2 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2) => { void** args = stackalloc void*[] { &a1, &a2 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3> LoadAuto<T1, T2, T3>(Action<Index1D, T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3) => { void** args = stackalloc void*[] { &a1, &a2, &a3 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4> LoadAuto<T1, T2, T3, T4>(Action<Index1D, T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5> LoadAuto<T1, T2, T3, T4, T5>(Action<Index1D, T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6> LoadAuto<T1, T2, T3, T4, T5, T6>(Action<Index1D, T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5, a6) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7> LoadAuto<T1, T2, T3, T4, T5, T6, T7>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5, a6, a7) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8, a9) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8, &a9 }; compiled.Value.LaunchAuto(extent, args); };
    }

    public Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> LoadAuto<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        var compiled = Later(kernel);
        return (extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10) => { void** args = stackalloc void*[] { &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8, &a9, &a10 }; compiled.Value.LaunchAuto(extent, args); };
    }
}
