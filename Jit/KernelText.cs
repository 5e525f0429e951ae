namespace IlgpuXai.Jit;

/// <summary>The C dialects that kernels are translated to.</summary>
public enum Language
{
    /// <summary>CUDA C++ as NVRTC compiles it: no headers.</summary>
    Cuda,

    /// <summary>OpenCL C 1.2.</summary>
    OpenCl,
}

/// <summary>What a compiler may do to float arithmetic.</summary>
public enum KernelMath
{
    /// <summary>Each operation is rounded as written, division and square root correctly: the bits of the host.</summary>
    Exact,

    /// <summary>a·b + c may become one fused operation.</summary>
    Contracted,

    /// <summary>Also approximate division and functions, subnormals as 0, no care for NaN and infinity.</summary>
    Fast,
}

/// <summary>How a kernel is translated; every difference makes another compiled kernel.</summary>
public sealed record TranslationOptions(Language Language)
{
    public KernelMath Math { get; init; } = KernelMath.Contracted;

    /// <summary>No memory that one view writes is reached through another: views become <c>restrict</c> pointers. The launcher has to check it.</summary>
    public bool Restrict { get; init; }

    /// <summary>The most threads a group will have.</summary>
    public int MaxGroupSize { get; init; } = 256;

    /// <summary>Values compiled in, by parameter: those of type <see cref="ILGPU.Runtime.SpecializedValue{T}"/>.</summary>
    public IReadOnlyDictionary<int, object> Constants { get; init; } = new Dictionary<int, object>();
}

/// <summary>A parameter of a translated kernel and how its argument is passed.</summary>
/// <param name="Index">Of the C# method's parameters.</param>
/// <param name="Name">In the C# source.</param>
/// <param name="Type">In C#: a view or a struct of value types.</param>
public sealed record KernelParameter(int Index, string Name, Type Type)
{
    /// <summary>A pointer and, if <see cref="PassesLength"/>, a 64-bit count of elements. In OpenCL C a 64-bit offset in elements stands between the two.</summary>
    public bool IsView { get; init; }

    public bool PassesLength { get; init; }

    /// <summary>For a view: bytes of an element.</summary>
    public int ElementSize { get; init; }

    /// <summary>For a view: the kernel writes through it, or may.</summary>
    public bool IsWritten { get; init; }

    /// <summary>For a view: bytes to which its address must be aligned because it is read or written as vectors.</summary>
    public int Alignment { get; init; }

    /// <summary>Its value is compiled in: nothing is passed.</summary>
    public bool IsConstant { get; init; }
}

/// <summary>A kernel as text of a C dialect, with its helpers and types: all that a compiler needs.</summary>
/// <param name="EntryPoint">The function to launch.</param>
/// <param name="Parameters">In order. An implicitly grouped kernel takes its extent, a 32-bit integer, before them all; its index parameter is not among them.</param>
public sealed record KernelText(TranslationOptions Options, string EntryPoint, string Text, IReadOnlyList<KernelParameter> Parameters)
{
    /// <summary>The first C# parameter is the index: launched by extent.</summary>
    public bool IsAutoGrouped { get; init; }

    /// <summary>The kernel asks for the launch's dynamic shared memory. In OpenCL C its last parameter is a pointer to it.</summary>
    public bool UsesDynamicShared { get; init; }

    /// <summary>The last parameter of all is the number of bytes of the launch's dynamic shared memory, a 32-bit integer.</summary>
    public bool PassesDynamicBytes { get; init; }

    /// <summary>It exchanges values inside warps, or asks for their size: what it computes may depend on that size.</summary>
    public bool UsesWarps { get; init; }

    /// <summary>Bytes of shared memory that the launch has to add to the dynamic ones, because arrays above 48 KiB are carved from dynamic memory (CUDA).</summary>
    public int CarvedSharedBytes { get; init; }
}
