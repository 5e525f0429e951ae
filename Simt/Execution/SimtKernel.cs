using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>A kernel rewritten for the host. It keeps no state between launches, and may be launched by several threads at once.</summary>
public sealed unsafe class SimtKernel
{
    /// <summary>Threads of a group that an implicitly grouped kernel gets.</summary>
    public const int AutoGroupSize = 256;

    readonly KernelCode _code;
    readonly ResumableMethod _method;

    SimtKernel(MethodInfo method, SimtMode mode)
    {
        IsAutoGrouped = CheckParameters(method);
        Mode = mode;
        _code = Flattener.Flatten(method, mode);
        if (IsAutoGrouped && (_code.Yields.Count > 1 || _code.UsesSharedMemory))
            throw new RefusedKernelException(method, 0, "barriers, exchanges or shared memory when it is implicitly grouped (its first parameter is an Index1D)");
        _method = ResumableMethod.Emit(_code, IsAutoGrouped);
    }

    /// <summary>The first parameter is an <see cref="Index1D"/>: launched by extent.</summary>
    public bool IsAutoGrouped { get; }

    public SimtMode Mode { get; }
    public string Name => MethodNames.Of(_code.Kernel);

    /// <summary>Rewrites a static method, closed if it is generic. Takes milliseconds and remembers nothing: keep the result.</summary>
    /// <exception cref="RefusedKernelException">The method, or one it calls, contains what no device can run.</exception>
    public static SimtKernel Compile(MethodInfo method, SimtMode mode) => new(method, mode);

    /// <summary>Runs all groups of a grid and returns when the last has ended.</summary>
    /// <param name="config">Grid and group; a group has at most 1024 threads.</param>
    /// <param name="args">Element i points to the value of parameter i.</param>
    /// <param name="workers">OS threads that share the groups; a checked launch uses one.</param>
    /// <exception cref="SimtException">The kernel did something wrong; buffers then hold whatever was written so far.</exception>
    public void Launch(in KernelConfig config, void** args, int workers)
    {
        if (IsAutoGrouped) throw new InvalidOperationException($"{Name} is implicitly grouped: launch it by extent");
        Run(config, args, workers, config.Size);
    }

    /// <summary>Runs an implicitly grouped kernel once for every index in [0, extent). An extent of 0 does nothing.</summary>
    /// <param name="args">Element i points to the value of parameter i + 1: the index is not among them.</param>
    public void LaunchAutoGrouped(int extent, void** args, int workers)
    {
        if (!IsAutoGrouped) throw new InvalidOperationException($"{Name} is explicitly grouped: launch it with a KernelConfig");
        ArgumentOutOfRangeException.ThrowIfNegative(extent);
        if (extent > 0) Run(new KernelConfig((extent - 1) / AutoGroupSize + 1, AutoGroupSize), args, workers, extent);
    }

    void Run(in KernelConfig config, void** args, int workers, long threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (!config.IsValid || config.GroupDim.LongSize > GroupRunner.MaxThreads)
            throw new ArgumentException($"{Name}: a grid of {config.GridDim} groups of {config.GroupDim} threads: extents start at 1, a group has at most {GroupRunner.MaxThreads} threads");
        if (config.SharedMemoryConfig.ArraySize > GroupMemory.SharedCapacity)
            throw new ArgumentException($"{Name}: {config.SharedMemoryConfig.ArraySize} bytes of dynamic shared memory: a group has {GroupMemory.SharedCapacity}");
        byte* arguments = (byte*)NativeMemory.AlignedAlloc((nuint)_method.ArgumentBytes + 16, 16);
        try
        {
            int first = IsAutoGrouped ? 1 : 0;
            for (int k = first; k < _code.Parameters.Count; k++)
                NativeMemory.Copy(args[k - first], arguments + _method.ArgumentOffsets[k], (nuint)_method.ArgumentSizes[k]);
            var views = Mode == SimtMode.Checked ? new ViewArguments(_code.Parameters, first, _method.ArgumentOffsets, arguments) : null;
            new Launch(_code, _method, config, arguments, views, threads).Run(Mode == SimtMode.Checked ? 1 : workers);
        }
        finally
        {
            NativeMemory.AlignedFree(arguments);
        }
    }

    static bool CheckParameters(MethodInfo method)
    {
        if (!method.IsStatic || method.ReturnType != typeof(void) || method.ContainsGenericParameters)
            throw new RefusedKernelException(method, 0, "an instance, a result or open type parameters: it is a closed static void method");
        var parameters = method.GetParameters();
        foreach (var p in parameters)
            if (p.ParameterType.IsByRef || p.ParameterType.IsPointer || !ValueTypes.IsUnmanaged(p.ParameterType))
                throw new RefusedKernelException(method, 0, $"the parameter {p.Name} of type {MethodNames.Of(p.ParameterType)}: parameters are structs of value types");
        var first = parameters.FirstOrDefault()?.ParameterType;
        if (first == typeof(Index2D) || first == typeof(Index3D)) throw new RefusedKernelException(method, 0, $"an {first.Name} as its first parameter: implicit groups have one axis");
        return first == typeof(Index1D);
    }
}
