namespace IlgpuXai.Jit;

/// <summary>What the compiler is told.</summary>
public static class NvrtcOptions
{
    /// <param name="architecture">As of <see cref="Architecture"/>.</param>
    public static string[] For(KernelMath math, string architecture) => [$"--gpu-architecture={architecture}", "--std=c++17", .. Arithmetic(math)];

    /// <summary>
    /// <c>sm_90</c>, which gives machine code, if the compiler knows the device; else the newest <c>compute_</c> below it, which gives PTX for the driver to compile.
    /// </summary>
    /// <param name="computeCapability">90 is 9.0.</param>
    /// <param name="known">The compiler's architectures, in any order.</param>
    /// <returns>Null: the compiler no longer serves so old a device.</returns>
    public static string? Architecture(int computeCapability, IReadOnlyCollection<int> known) =>
        known.Contains(computeCapability) ? $"sm_{computeCapability}"
        : known.Where(k => k < computeCapability).DefaultIfEmpty().Max() is > 0 and int newest ? $"compute_{newest}" : null;

    static string[] Arithmetic(KernelMath math) => math switch
    {
        KernelMath.Exact => ["--fmad=false", "--prec-div=true", "--prec-sqrt=true", "--ftz=false"],
        KernelMath.Contracted => [],
        KernelMath.Fast => ["--use_fast_math"],
        _ => throw new ArgumentOutOfRangeException(nameof(math), math, null),
    };
}
