using System.Reflection;
using ILGPU;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Kernel IL → text of a C dialect: the kernel and every helper it calls, each once per combination of address spaces.</summary>
public sealed class KernelTranslator
{
    readonly TranslationOptions _options;
    readonly Dialect _dialect;
    readonly Purity _purity = new();
    readonly List<Function> _done = [];
    readonly Dictionary<string, Function> _instances = [];
    readonly HashSet<MethodBase> _open = [];
    readonly HashSet<string> _names = [];

    KernelTranslator(TranslationOptions options) =>
        (_options, _dialect) = (options, options.Language == Language.Cuda ? new CudaDialect(options.Math) : new OpenClDialect(options.Math));

    /// <exception cref="RefusedKernelException">The method, or one it calls, contains what no device can run.</exception>
    public static KernelText Translate(MethodInfo kernel, TranslationOptions options)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(options);
        KernelRules.CheckSignature(kernel);
        return new KernelTranslator(options).Translate(kernel);
    }

    KernelText Translate(MethodInfo kernel)
    {
        var f = Build(kernel, null, isPure: false);
        var types = new CTypes(_dialect, kernel);
        var shared = new SharedLayout(f, _dialect);
        string functions;
        try
        {
            functions = string.Join("\n", _done.Where(Reachable(f).Contains).Select(g => FunctionPrinter.Print(g, _dialect, types, _options, shared)));
        }
        catch (NotSupportedException e)
        {
            throw new RefusedKernelException(kernel, 0, e.Message);
        }
        string[] parts = [$"// {KernelNames.Of(kernel)}, from {SourceLines.Find(kernel, 0)}\n", _dialect.Prelude.Length > 0 ? _dialect.Prelude + "\n\n" : "", types.Definitions, functions];
        return new(_options, f.Name, string.Concat(parts), Parameters(kernel, f))
        {
            IsAutoGrouped = f.IsAutoGrouped,
            UsesDynamicShared = f.UsesDynamicShared,
            PassesDynamicBytes = f.MeasuresDynamicShared,
            CarvedSharedBytes = shared.CarvedBytes,
            UsesWarps = Reachable(f).SelectMany(g => g.Expressions).Any(e => e is Intrinsic { Name: ['W', 'a', 'r', 'p', '.', ..] }),
        };
    }

    Function Build(MethodBase method, Space[]? spaces, bool isPure)
    {
        string key = $"{method.Module.ModuleVersionId}:{method.MetadataToken}:{method.DeclaringType}:{method}:{string.Join(',', spaces ?? [])}";
        if (_instances.TryGetValue(key, out var known)) return known;
        if (!_open.Add(method)) throw new RefusedKernelException(method, 0, $"recursion: {MethodNames.Of(method)} is already running");
        var f = new Function(method) { IsKernel = spaces is null, IsAutoGrouped = spaces is null && KernelRules.IsAutoGrouped(method) };
        Importer.Import(f, spaces, _purity, spaces is null ? _options.Constants : new Dictionary<int, object>());
        if (f.IsAutoGrouped && (f.Arrays.Any(a => a.Space.Value == Space.Shared) || f.UsesDynamicShared)) throw new RefusedKernelException(method, 0, KernelRules.NoGroups);
        Simplify.Run(f);
        Naming.NameArrays(f);
        Simplify.Run(f);
        AddressSpaces.Find(f, (callee, s) => Build(callee.Method, s, callee.IsPure));
        if (!f.IsKernel && Views.Is(f.Returns)) throw new RefusedKernelException(method, 0, "a helper that returns a view");
        ViewUses.Find(f);
        Structure.Run(f);
        Declarations.Place(f);
        Naming.MakeUnique(f);
        string name = f.IsKernel ? CNames.Kernel(method) : CNames.Helper(method);
        f.Name = name;
        for (int n = 2; !_names.Add(f.Name); n++) f.Name = $"{name}_{n}";
        _open.Remove(method);
        _done.Add(f);
        return _instances[key] = f;
    }

    static HashSet<Function> Reachable(Function kernel)
    {
        var reached = new HashSet<Function>();
        var work = new Stack<Function>([kernel]);
        while (work.TryPop(out var f))
            if (reached.Add(f))
                foreach (var call in f.Expressions.OfType<Call>()) work.Push(call.Callee.Target!);
        return reached;
    }

    KernelParameter[] Parameters(MethodInfo kernel, Function f)
    {
        var infos = kernel.GetParameters();
        return [.. f.Parameters.Select((p, k) => (p, k)).Where(x => !(f.IsAutoGrouped && x.k == 0)).Select(x => new KernelParameter(x.k, infos[x.k].Name ?? x.p.Name, infos[x.k].ParameterType)
        {
            IsView = Views.Is(x.p.Type),
            PassesLength = x.p.IsLengthUsed,
            ElementSize = Views.Is(x.p.Type) ? CTypes.SizeOf(Views.Element(x.p.Type)) : 0,
            IsWritten = x.p.IsStoredThrough,
            Alignment = x.p.Alignment,
            IsConstant = _options.Constants.ContainsKey(x.k),
        })];
    }
}
