namespace IlgpuXai.Jit;

/// <summary>What differs between the C dialects. An instance serves one kernel: it notes which of its own helpers the text needs.</summary>
abstract class Dialect(KernelMath math)
{
    readonly List<string> _used = [];

    public KernelMath Math { get; } = math;

    /// <summary>OpenCL C 1.2: an address space belongs to every pointer's type, and a kernel's views come with an offset.</summary>
    public abstract bool HasAddressSpaces { get; }

    /// <summary>A struct marked as vector is read field by field: see <see cref="CudaDialect"/>.</summary>
    public abstract bool LoadsVectorsByField { get; }

    public abstract string SharedQualifier { get; }
    public abstract string HelperHead { get; }

    /// <summary>Before a helper that takes shared memory.</summary>
    public virtual string SharedHelperHead => HelperHead;
    public abstract string LongSuffix { get; }

    /// <summary>Null for a type that is no number.</summary>
    public abstract string? Primitive(Type t);
    public abstract string Struct(string name, IReadOnlyList<string> fields, int alignment);
    public abstract string Aligned(int bytes);
    public abstract string Value(string type, string fields);
    public abstract string Pointer(string element, Space space, bool isConst, bool isRestrict);
    public abstract string KernelHead(string name, string parameters, int maxGroupSize);
    public abstract string Intrinsic(Intrinsic i, IReadOnlyList<string> a, Func<Expr, Space> spaceOf);

    /// <summary>The definition of one of the dialect's helpers.</summary>
    protected abstract string Definition(string helper);

    /// <summary>Where every text of the dialect begins.</summary>
    protected abstract string Start { get; }

    public string Prelude => string.Join("\n", _used.Select(Definition).Prepend(Start).Where(s => s.Length > 0));

    /// <summary>A helper that the text needs once, however often it is called.</summary>
    protected string Use(string helper)
    {
        if (!_used.Contains(helper)) _used.Add(helper);
        return helper;
    }

    public string Infinity => Use("INFINITY");
    public string NaN => Use("NAN");

    protected static int Axis(string name) => name[^1] - 'X';
    protected static bool IsFloat(Intrinsic i) => i.Arguments.Count > 0 && Arithmetic.IsFloat(i.Arguments[^1].Type);
    protected static bool IsWide(Type t) => t == typeof(long) || t == typeof(ulong);
    protected static string Join(IEnumerable<string> a) => string.Join(", ", a);

    protected static string NotKnown(Intrinsic i, string language) => throw new NotSupportedException($"{i.Name} of {i.Type.Name} has no form in {language}");
}
