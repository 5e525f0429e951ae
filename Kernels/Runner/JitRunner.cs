using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using IlgpuXai.Jit;
using IlgpuXai.Simt;

namespace IlgpuXai.Kernels;

/// <summary>Runs kernels translated to a C dialect. Variants of a kernel are compiled when a launch first asks for them.</summary>
sealed class JitRunner(IGpuContext context, KernelMath math = KernelMath.Contracted) : AddressedRunner
{
    readonly TranslationCache _texts = new(context.Cache);

    protected override IAddressedKernel Compile(MethodInfo kernel) => new JitKernel(kernel, context, _texts, math);
}

/// <summary>A kernel with its compiled variants.</summary>
/// <remarks>
/// A launch differs from another in the values of its specialised parameters, in the size class of its groups, and in whether
/// a view that is written shares memory with another: only where none does may the pointers be <c>restrict</c>.
/// </remarks>
sealed unsafe class JitKernel : IAddressedKernel
{
    readonly record struct Variant(bool Restrict, int MaxGroupSize, string Constants);

    readonly MethodInfo _method;
    readonly IGpuContext _context;
    readonly TranslationCache _texts;
    readonly KernelMath _math;
    readonly int _first;
    readonly ParameterReader[] _parameters;
    readonly ConcurrentDictionary<Variant, Lazy<(IGpuKernel Kernel, KernelText Text)>> _variants = new();

    public JitKernel(MethodInfo method, IGpuContext context, TranslationCache texts, KernelMath math)
    {
        (_method, _context, _texts, _math) = (method, context, texts, math);
        var parameters = method.GetParameters();
        _first = parameters.Length > 0 && parameters[0].ParameterType == typeof(Index1D) ? 1 : 0;
        _parameters = [.. parameters.Skip(_first).Select(p => ParameterReader.For(p.ParameterType))];
    }

    public void Launch(in KernelConfig config, void** args)
    {
        if (!config.IsValid) throw new ArgumentException($"{MethodNames.Of(_method)}: a grid of {config.GridDim} groups of {config.GroupDim} threads: extents start at 1");
        Run(config, 0, args);
    }

    public void LaunchAuto(int extent, void** args)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent);
        if (extent > 0) Run(new KernelConfig((extent - 1) / SimtKernel.AutoGroupSize + 1, SimtKernel.AutoGroupSize), extent, args);
    }

    void Run(in KernelConfig config, int extent, void** args)
    {
        int size = Math.Max(SimtKernel.AutoGroupSize, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(config.GroupDim.LongSize, int.MaxValue / 2)));
        // Most launches have views that share nothing: that variant knows which of its views are written.
        var (kernel, text) = Get(true, size, args);
        if (Overlap(text, args)) (kernel, text) = Get(false, size, args);
        CheckAlignment(text, args);
        kernel.Launch(config, extent, args);
    }

    (IGpuKernel Kernel, KernelText Text) Get(bool restrict, int maxGroupSize, void** args)
    {
        string constants = "";
        for (int k = 0; k < _parameters.Length; k++)
            if (_parameters[k].IsSpecialised) constants += $"{k}:{_parameters[k].Bytes(args[k])};";
        return _variants.TryGetValue(new(restrict, maxGroupSize, constants), out var known) ? known.Value : Build(new(restrict, maxGroupSize, constants), args);
    }

    (IGpuKernel Kernel, KernelText Text) Build(Variant variant, void** args)
    {
        var constants = new Dictionary<int, object>();
        for (int k = 0; k < _parameters.Length; k++)
            if (_parameters[k].IsSpecialised) constants[k + _first] = _parameters[k].Box(args[k]);
        return _variants.GetOrAdd(variant, v => new(() =>
        {
            var text = _texts.Translate(_method, new(_context.Language) { Math = _math, Restrict = v.Restrict, MaxGroupSize = v.MaxGroupSize, Constants = constants }, v.Constants);
            return (_context.Build(text), text);
        })).Value;
    }

    bool Overlap(KernelText text, void** args)
    {
        for (int i = 0; i < text.Parameters.Count; i++)
        {
            if (text.Parameters[i] is not { IsView: true, IsWritten: true } written) continue;
            var (start, bytes) = Range(written, args);
            for (int j = 0; j < text.Parameters.Count; j++)
            {
                if (j == i || text.Parameters[j] is not { IsView: true } other) continue;
                var (otherStart, otherBytes) = Range(other, args);
                if (start < otherStart + otherBytes && otherStart < start + bytes) return true;
            }
        }
        return false;
    }

    (long Start, long Bytes) Range(KernelParameter view, void** args)
    {
        var data = (ArrayView<byte>*)args[view.Index - _first];        // views of all types are alike: an address and a count
        return ((nint)data->Data, data->Length * view.ElementSize);
    }

    void CheckAlignment(KernelText text, void** args)
    {
        foreach (var p in text.Parameters)
            if (p.Alignment > 1 && Range(p, args).Start % p.Alignment != 0)
                throw new ArgumentException($"{MethodNames.Of(_method)}: the view {p.Name} is read as vectors and must start at a multiple of {p.Alignment} bytes");
    }
}
