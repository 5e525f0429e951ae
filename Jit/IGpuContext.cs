using ILGPU;

namespace IlgpuXai.Jit;

/// <summary>What compiles and runs translated kernels on one GPU, or on a processor that takes the part of one.</summary>
public interface IGpuContext
{
    Language Language { get; }

    /// <summary>Where compiled and translated kernels are kept.</summary>
    KernelCache Cache { get; }

    /// <summary>Compiles, or takes from the cache of binaries.</summary>
    /// <exception cref="GpuException">The compiler refused the text; the message has its first error.</exception>
    IGpuKernel Build(KernelText text);
}

/// <summary>A compiled kernel.</summary>
public unsafe interface IGpuKernel
{
    /// <summary>Asks for a launch and returns; launches of one context run in order.</summary>
    /// <param name="extent">Of an implicitly grouped kernel.</param>
    /// <param name="args">Element i points to the value of C# parameter i, the index parameter not counted.</param>
    void Launch(in KernelConfig config, int extent, void** args);
}

/// <summary>A driver, compiler or device of a GPU said no. The message is one line.</summary>
public sealed class GpuException(string message) : Exception(message);
