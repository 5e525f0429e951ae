namespace IlgpuXai.Jit;

/// <summary>OpenCL C 1.2. A warp has one lane: subgroups are an extension that few processors have.</summary>
sealed class OpenClDialect(KernelMath math) : Dialect(math)
{
    public override bool HasAddressSpaces => true;
    public override bool LoadsVectorsByField => false;
    public override string SharedQualifier => "__local ";
    public override string HelperHead => "static inline ";

    // PoCL gives each group an array of its own where the kernel uses it. A helper that is called twice with the same array may have come to
    // use it without its parameter before it is inlined: groups then share the array. Inlined at once, it cannot.
    public override string SharedHelperHead => "__attribute__((always_inline)) " + HelperHead;
    public override string LongSuffix => "L";
    protected override string Start => Math == KernelMath.Exact ? "#pragma OPENCL FP_CONTRACT OFF" : "";

    public override string? Primitive(Type t) => Type.GetTypeCode(t) switch
    {
        TypeCode.Boolean => "bool", TypeCode.SByte => "char", TypeCode.Byte => "uchar", TypeCode.Int16 => "short", TypeCode.UInt16 => "ushort", TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint", TypeCode.Int64 => "long", TypeCode.UInt64 => "ulong", TypeCode.Single => "float", TypeCode.Double => Double(),
        _ => t == typeof(void) ? "void" : null,
    };

    string Double()
    {
        Use("double");
        return "double";
    }

    public override string Struct(string name, IReadOnlyList<string> fields, int alignment) =>
        $"typedef struct {{\n{string.Join("\n", fields)}\n}} {(alignment > 0 ? Aligned(alignment) : "")}{name};";

    public override string Aligned(int bytes) => $"__attribute__((aligned({bytes}))) ";
    public override string Value(string type, string fields) => $"({type}){{{(fields.Length == 0 ? "0" : fields)}}}";

    public override string Pointer(string element, Space space, bool isConst, bool isRestrict) =>
        $"{(space switch { Space.Global => "__global ", Space.Shared => "__local ", _ => "" })}{(isConst ? "const " : "")}{element}*{(isRestrict ? " restrict" : "")}";

    public override string KernelHead(string name, string parameters, int maxGroupSize) => $"__kernel void {name}({parameters})";

    public override string Intrinsic(Intrinsic i, IReadOnlyList<string> a, Func<Expr, Space> spaceOf)
    {
        string[] name = i.Name.Split('.');
        return name[0] switch
        {
            "Group" or "Grid" when name[1].Length == 4 && name[1][..3] is "Idx" or "Dim" => $"(int)get_{(i.Name[..^1] switch { "Group.Idx" => "local_id", "Group.Dim" => "local_size", "Grid.Idx" => "group_id", _ => "num_groups" })}({Axis(i.Name)})",
            "Group" => GroupOperation(name[1], i, a),
            "Warp" => name[1] switch { "WarpSize" => "1", "Barrier" => "", _ => a[0] },
            "MemoryFence" => "mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)",
            "Atomic" => AtomicOperation(name[1], i, a, spaceOf(i.Arguments[0])),
            "Interop" => name[1] == "FloatAsInt" ? $"as_{Primitive(i.Type)}({a[0]})" : $"as_float({a[0]})",
            "Convert" => $"convert_{Primitive(i.Type)}_sat_rtz({a[0]})",
            "Bits" => name[1] switch { "PopCount" => $"(int)popcount({a[0]})", "LeadingZeroCount" => $"(int)clz({a[0]})", _ => $"{Use(IsWide(i.Arguments[0].Type) ? "ctz_long" : "ctz_int")}({a[0]})" },
            _ => MathFunction(name[1], i, a),
        };
    }

    string MathFunction(string name, Intrinsic i, IReadOnlyList<string> a) => name switch
    {
        "Max" => IsFloat(i) ? $"{Use("max_float")}({Join(a)})" : $"max({Join(a)})",
        "Min" => IsFloat(i) ? $"{Use("min_float")}({Join(a)})" : $"min({Join(a)})",
        "Abs" => IsFloat(i) ? $"fabs({a[0]})" : $"({Primitive(i.Type)})abs({a[0]})",
        "Ceiling" => $"ceil({a[0]})",
        "Truncate" => $"trunc({a[0]})",
        "Round" or "RoundToEven" => $"rint({a[0]})",
        "RoundAwayFromZero" => $"round({a[0]})",
        "Rem" => $"fmod({Join(a)})",
        "IEEERemainder" => $"remainder({Join(a)})",
        "Rsqrt" when Math == KernelMath.Exact => $"(1.0f / sqrt({a[0]}))",
        _ => $"{name.ToLowerInvariant()}({Join(a)})",
    };

    string GroupOperation(string name, Intrinsic i, IReadOnlyList<string> a) => name switch
    {
        "Barrier" => "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)",
        "Broadcast" => $"{Use($"group_broadcast:{Primitive(i.Type) ?? NotKnown(i, "OpenCL C")}").Replace(':', '_')}({Join(a)})",
        "BarrierPopCount" => $"{Use("group_count")}({Join(a)})",
        "BarrierOr" => $"({Use("group_count")}({Join(a)}) > 0)",
        _ => $"({Use("group_count")}({Join(a)}) == (int)(get_local_size(0) * get_local_size(1) * get_local_size(2)))",
    };

    string AtomicOperation(string name, Intrinsic i, IReadOnlyList<string> a, Space space)
    {
        if (i.Type == typeof(float)) return name == "Exchange" ? $"atomic_xchg({Join(a)})" : $"{Use($"atomic_{name.ToLowerInvariant()}_{(space == Space.Shared ? "local" : "global")}")}({Join(a)})";
        string function = name switch { "Exchange" => "xchg", "CompareExchange" => "cmpxchg", _ => name.ToLowerInvariant() };
        if (!IsWide(i.Type)) return $"atomic_{function}({Join(a)})";
        Use("atomics of 64 bits");
        return $"atom_{function}({Join(a)})";
    }

    protected override string Definition(string helper) => helper switch
    {
        "INFINITY" or "NAN" => "",
        "double" => "#pragma OPENCL EXTENSION cl_khr_fp64 : enable",
        "atomics of 64 bits" => "#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable\n#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable",
        "max_float" => "static inline float max_float(float a, float b) { return isnan(a) ? a : isnan(b) ? b : a != b ? (a > b ? a : b) : signbit(a) ? b : a; }",
        "min_float" => "static inline float min_float(float a, float b) { return isnan(a) ? a : isnan(b) ? b : a != b ? (a < b ? a : b) : signbit(a) ? a : b; }",
        "ctz_int" => "static inline int ctz_int(uint v) { return (int)popcount(~v & (v - 1u)); }",
        "ctz_long" => "static inline int ctz_long(ulong v) { return (int)popcount(~v & (v - 1uL)); }",
        "group_count" => """
            __attribute__((always_inline)) static inline int group_count(bool predicate, __local int* count)
            {
                bool first = get_local_id(0) == 0 && get_local_id(1) == 0 && get_local_id(2) == 0;
                barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
                if (first) *count = 0;
                barrier(CLK_LOCAL_MEM_FENCE);
                if (predicate) atomic_inc(count);
                barrier(CLK_LOCAL_MEM_FENCE);
                int all = *count;
                barrier(CLK_LOCAL_MEM_FENCE);
                return all;
            }
            """,
        _ when helper.StartsWith("group_broadcast:", StringComparison.Ordinal) => Broadcast(helper.Split(':')[1]),
        _ => FloatAtomic(helper.Split('_')[1], helper.Split('_')[2]),
    };

    static string Broadcast(string type) => $$"""
        __attribute__((always_inline)) static inline {{type}} group_broadcast_{{type}}({{type}} value, int source, __local {{type}}* exchange)
        {
            int thread = (int)((get_local_id(2) * get_local_size(1) + get_local_id(1)) * get_local_size(0) + get_local_id(0));
            barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
            if (thread == source) *exchange = value;
            barrier(CLK_LOCAL_MEM_FENCE);
            {{type}} result = *exchange;
            barrier(CLK_LOCAL_MEM_FENCE);
            return result;
        }
        """;

    // Compared by bits: a NaN must end the loop too.
    string FloatAtomic(string name, string space)
    {
        if (name == "compareexchange")
            return $"static inline float atomic_compareexchange_{space}(volatile __{space} float* p, float compare, float v) {{ return as_float(atomic_cmpxchg((volatile __{space} uint*)p, as_uint(compare), as_uint(v))); }}";
        string next = name == "add" ? "as_float(old) + v" : $"{name}_float(as_float(old), v)";
        string before = name == "add" ? "" : Definition($"{name}_float") + "\n";
        return before + $$"""
            static inline float atomic_{{name}}_{{space}}(volatile __{{space}} float* p, float v)
            {
                uint old, seen = as_uint(*p);
                do
                {
                    old = seen;
                    seen = atomic_cmpxchg((volatile __{{space}} uint*)p, old, as_uint({{next}}));
                } while (seen != old);
                return as_float(old);
            }
            """;
    }
}
