namespace IlgpuXai.Jit;

/// <summary>CUDA C++ that needs no header.</summary>
/// <remarks>
/// A copy of a struct becomes halves of it under some compilers; read field by field, a struct that is aligned to its size becomes one vector load.
/// </remarks>
sealed class CudaDialect(KernelMath math) : Dialect(math)
{
    const string AllLanes = "0xffffffffu";

    public override bool HasAddressSpaces => false;
    public override bool LoadsVectorsByField => true;
    public override string SharedQualifier => "__shared__ ";
    public override string HelperHead => "static __device__ __forceinline__ ";
    public override string LongSuffix => "LL";
    protected override string Start => "typedef signed char i8; typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef long long i64; typedef unsigned long long u64;";

    public override string? Primitive(Type t) => Type.GetTypeCode(t) switch
    {
        TypeCode.Boolean => "bool", TypeCode.SByte => "i8", TypeCode.Byte => "u8", TypeCode.Int16 => "short", TypeCode.UInt16 => "u16", TypeCode.Int32 => "int",
        TypeCode.UInt32 => "u32", TypeCode.Int64 => "i64", TypeCode.UInt64 => "u64", TypeCode.Single => "float", TypeCode.Double => "double",
        _ => t == typeof(void) ? "void" : null,
    };

    public override string Struct(string name, IReadOnlyList<string> fields, int alignment)
    {
        string definition = $"struct {(alignment > 0 ? Aligned(alignment) : "")}{name} {{\n{string.Join("\n", fields)}\n}};";
        if (alignment == 0) return definition;
        string copies = string.Join(' ', fields.Select(f => f.TrimEnd(';').Split(' ')[^1]).Select(f => $"v.{f} = p->{f};"));
        return $"{definition}\n{HelperHead}{name} load_{name}(const {name}* p) {{ {name} v; {copies} return v; }}";
    }

    public override string Aligned(int bytes) => $"__align__({bytes}) ";
    public override string Value(string type, string fields) => $"{type}{{{fields}}}";
    public override string Pointer(string element, Space space, bool isConst, bool isRestrict) => $"{(isConst ? "const " : "")}{element}*{(isRestrict ? " __restrict__" : "")}";
    public override string KernelHead(string name, string parameters, int maxGroupSize) => $"extern \"C\" __global__ void __launch_bounds__({maxGroupSize}) {name}({parameters})";

    public override string Intrinsic(Intrinsic i, IReadOnlyList<string> a, Func<Expr, Space> spaceOf)
    {
        string[] name = i.Name.Split('.');
        return name[0] switch
        {
            "Group" or "Grid" when name[1].Length == 4 && name[1][..3] is "Idx" or "Dim" => $"(int){(i.Name[..^1] switch { "Group.Idx" => "threadIdx", "Group.Dim" => "blockDim", "Grid.Idx" => "blockIdx", _ => "gridDim" })}.{"xyz"[Axis(i.Name)]}",
            "Group" => GroupOperation(name[1], i, a),
            "Warp" => WarpOperation(name[1], i, a),
            "MemoryFence" => name[1] switch { "GroupLevel" => "__threadfence_block()", "DeviceLevel" => "__threadfence()", _ => "__threadfence_system()" },
            "Atomic" => AtomicOperation(name[1], i, a),
            "Interop" => name[1] == "FloatAsInt" ? i.Type == typeof(uint) ? $"__float_as_uint({a[0]})" : $"__float_as_int({a[0]})" : i.Arguments[0].Type == typeof(uint) ? $"__uint_as_float({a[0]})" : $"__int_as_float({a[0]})",
            "Convert" => Saturate(i, a[0]),
            "Bits" => $"{Use(name[1] switch { "PopCount" => "popcount", "LeadingZeroCount" => "clz", _ => "ctz" } + (IsWide(i.Arguments[0].Type) ? "_long" : "_int"))}({a[0]})",
            _ => MathFunction(name[1], i, a),
        };
    }

    // Doubles convert by the same rules, but no kernel of single precision should come here with one.
    string Saturate(Intrinsic i, string a)
    {
        if (i.Arguments[0].Type == typeof(double)) return $"({Primitive(i.Type)}){a}";
        return i.Type == typeof(int) ? $"__float2int_rz({a})" : i.Type == typeof(uint) ? $"__float2uint_rz({a})" : $"{Use(i.Type == typeof(long) ? "to_long" : "to_ulong")}({a})";
    }

    string MathFunction(string name, Intrinsic i, IReadOnlyList<string> a)
    {
        string f = i.Type == typeof(float) ? "f" : "";
        return name switch
        {
            "Max" => IsFloat(i) ? $"{Use("max_float")}({Join(a)})" : $"max({Join(a)})",
            "Min" => IsFloat(i) ? $"{Use("min_float")}({Join(a)})" : $"min({Join(a)})",
            "Abs" => IsFloat(i) ? $"fabs{f}({a[0]})" : $"abs({a[0]})",
            "Ceiling" => $"ceil{f}({a[0]})",
            "Truncate" => $"trunc{f}({a[0]})",
            "Round" or "RoundToEven" => $"rint{f}({a[0]})",
            "RoundAwayFromZero" => $"round{f}({a[0]})",
            "Rem" => $"fmod{f}({Join(a)})",
            "IEEERemainder" => $"remainder{f}({Join(a)})",
            "Rsqrt" when Math == KernelMath.Exact => $"(1.0f / sqrtf({a[0]}))",
            _ => $"{name.ToLowerInvariant()}{f}({Join(a)})",
        };
    }

    string GroupOperation(string name, Intrinsic i, IReadOnlyList<string> a) => name switch
    {
        "Barrier" => "__syncthreads()",
        "BarrierAnd" => $"(__syncthreads_and({a[0]}) != 0)",
        "BarrierOr" => $"(__syncthreads_or({a[0]}) != 0)",
        "BarrierPopCount" => $"__syncthreads_count({a[0]})",
        _ => $"{Use($"group_broadcast:{Primitive(i.Type) ?? NotKnown(i, "CUDA C++")}").Replace(':', '_')}({Join(a)})",
    };

    string WarpOperation(string name, Intrinsic i, IReadOnlyList<string> a)
    {
        if (name == "WarpSize") return "32";
        if (name == "Barrier") return "__syncwarp()";
        string function = name switch { "ShuffleUp" => "shfl_up", "ShuffleDown" => "shfl_down", "ShuffleXor" => "shfl_xor", _ => "shfl" };
        if (i.Type == typeof(int) || i.Type == typeof(uint) || i.Type == typeof(float) || IsWide(i.Type)) return $"__{function}_sync({AllLanes}, {Join(a)})";
        if (CTypes.SizeOf(i.Type) % 4 != 0) return NotKnown(i, "CUDA C++");
        return $"{Use($"{function}_words")}({a[0]}, {a[1]}, {(a.Count > 2 ? a[2] : "32")})";
    }

    string AtomicOperation(string name, Intrinsic i, IReadOnlyList<string> a)
    {
        if (i.Type == typeof(float))
            return name switch { "Add" => $"atomicAdd({Join(a)})", "Exchange" => $"atomicExch({Join(a)})", _ => $"{Use($"atomic_{name.ToLowerInvariant()}")}({Join(a)})" };
        string function = name switch { "Exchange" => "atomicExch", "CompareExchange" => "atomicCAS", _ => $"atomic{name}" };
        // Of signed 64-bit numbers CUDA has minimum and maximum only; for the rest signs do not matter.
        bool asUnsigned = i.Type == typeof(long) && name is not ("Min" or "Max");
        return asUnsigned ? $"(i64){function}((u64*){a[0]}, {Join(a.Skip(1).Select(v => $"(u64)({v})"))})" : $"{function}({Join(a)})";
    }

    protected override string Definition(string helper) => helper switch
    {
        "INFINITY" => "#define INFINITY __int_as_float(0x7f800000)",
        "NAN" => "#define NAN __int_as_float(0x7fc00000)",
        "max_float" => $"{HelperHead}float max_float(float a, float b) {{ return a != a ? a : b != b ? b : a != b ? (a > b ? a : b) : __float_as_int(a) < 0 ? b : a; }}",
        "min_float" => $"{HelperHead}float min_float(float a, float b) {{ return a != a ? a : b != b ? b : a != b ? (a < b ? a : b) : __float_as_int(a) < 0 ? a : b; }}",
        "to_long" => $"{HelperHead}i64 to_long(float v) {{ return v != v ? 0 : __float2ll_rz(v); }}",
        "to_ulong" => $"{HelperHead}u64 to_ulong(float v) {{ return v != v ? 0 : __float2ull_rz(v); }}",
        "popcount_int" => $"{HelperHead}int popcount_int(u32 v) {{ return __popc(v); }}",
        "popcount_long" => $"{HelperHead}int popcount_long(u64 v) {{ return __popcll(v); }}",
        "clz_int" => $"{HelperHead}int clz_int(u32 v) {{ return __clz((int)v); }}",
        "clz_long" => $"{HelperHead}int clz_long(u64 v) {{ return __clzll((i64)v); }}",
        "ctz_int" => $"{HelperHead}int ctz_int(u32 v) {{ return __popc(~v & (v - 1u)); }}",
        "ctz_long" => $"{HelperHead}int ctz_long(u64 v) {{ return __popcll(~v & (v - 1uLL)); }}",
        "atomic_compareexchange" => $"{HelperHead}float atomic_compareexchange(float* p, float compare, float v) {{ return __int_as_float(atomicCAS((int*)p, __float_as_int(compare), __float_as_int(v))); }}",
        "atomic_min" or "atomic_max" => FloatAtomic(helper),
        _ when helper.EndsWith("_words", StringComparison.Ordinal) => ShuffleWords(helper),
        _ => Broadcast(helper.Split(':')[1]),
    };

    // Warps exchange words: a struct goes over as several.
    string ShuffleWords(string helper) => $$"""
        template <typename T> {{HelperHead}}T {{helper}}(T value, int operand, int width)
        {
            T result;
            for (int i = 0; i < (int)(sizeof(T) / 4); i++)
                ((u32*)&result)[i] = __{{helper[..^6]}}_sync({{AllLanes}}, ((const u32*)&value)[i], operand, width);
            return result;
        }
        """;

    string FloatAtomic(string helper) => Definition($"{helper[7..]}_float") + "\n" + $$"""
        {{HelperHead}}float {{helper}}(float* p, float v)
        {
            int old, seen = __float_as_int(*p);
            do
            {
                old = seen;
                seen = atomicCAS((int*)p, old, __float_as_int({{helper[7..]}}_float(__int_as_float(old), v)));
            } while (seen != old);
            return __int_as_float(old);
        }
        """;

    string Broadcast(string type) => $$"""
        {{HelperHead}}{{type}} group_broadcast_{{type}}({{type}} value, int source, {{type}}* exchange)
        {
            int thread = (int)((threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x);
            __syncthreads();
            if (thread == source) *exchange = value;
            __syncthreads();
            {{type}} result = *exchange;
            __syncthreads();
            return result;
        }
        """;
}
