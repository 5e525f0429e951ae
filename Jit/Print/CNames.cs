using System.Reflection;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Jit;

/// <summary>C identifiers for what the C# source calls otherwise.</summary>
static class CNames
{
    // Words of C, C++, CUDA and OpenCL, and every function that the dialects call: a variable of that name would hide it.
    static readonly HashSet<string> s_taken = [.. """
        auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static
        struct switch typedef union unsigned void volatile while bool true false class template typename new delete this operator public private protected namespace
        using virtual friend try catch throw asm export mutable explicit and or not xor bitand bitor compl nullptr alignas alignof constexpr decltype noexcept concept
        requires co_await co_return co_yield and_eq or_eq xor_eq not_eq dynamic_cast static_cast const_cast reinterpret_cast typeid thread_local static_assert char8_t char16_t char32_t wchar_t
        kernel global local constant generic half uchar ushort uint ulong size_t ptrdiff_t intptr_t uintptr_t sampler_t event_t image1d_t image2d_t image3d_t pipe vec_step
        float2 float3 float4 float8 float16 int2 int3 int4 int8 int16 uint2 uint3 uint4 vector pixel read_only write_only read_write
        threadIdx blockIdx blockDim gridDim warpSize dim3 extent dynamic_shared dynamic_shared_bytes self
        min max exp exp2 log log2 log10 sqrt rsqrt tan tanh sin sinh cos cosh asin acos atan atan2 floor ceil trunc rint round pow fabs abs fma fmin fmax fmod remainder clamp copysign
        signbit isnan isinf isfinite popcount clz mul_hi select step sign mix dot cross length distance normalize degrees radians cbrt erf hypot barrier mem_fence printf main unix linux
        expf exp2f logf log2f log10f sqrtf rsqrtf tanf tanhf sinf sinhf cosf coshf asinf acosf atanf atan2f floorf ceilf truncf rintf roundf powf fabsf fmaf fminf fmaxf fmodf remainderf copysignf
        i8 u8 u16 u32 i64 u64 max_float min_float to_long to_ulong popcount_int popcount_long clz_int clz_long ctz_int ctz_long group_count made
        INFINITY NAN NULL FLT_MAX FLT_MIN FLT_EPSILON M_PI M_E any all as_int as_uint as_float
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>An identifier that looks like the name: other characters become underscores, words of the languages get one behind.</summary>
    public static string Clean(string name)
    {
        if (name.Contains("__DisplayClass", StringComparison.Ordinal)) return "closure";
        name = name.TrimStart('<').Replace(">5__", "_", StringComparison.Ordinal);
        string clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_')).Trim('_');
        if (clean.Length == 0 || char.IsDigit(clean[0])) clean = "v" + clean;
        return s_taken.Contains(clean) ? clean + "_" : clean;
    }

    public static string Of(FieldInfo field) => Clean(field.Name.StartsWith('<') && field.Name.IndexOf('>') is > 1 and var end ? field.Name[1..end] : field.Name);

    /// <summary>For instance <c>TiledProduct_Plain_Turned</c>: the type with its type arguments, nested ones behind their owners.</summary>
    public static string Of(Type type)
    {
        string name = type.Name.Split('`')[0];
        if (type.DeclaringType is { } owner) name = $"{owner.Name.Split('`')[0]}_{name}";
        if (name.Contains("__DisplayClass", StringComparison.Ordinal)) return "closure";
        return Clean(string.Join('_', type.GetGenericArguments().Select(a => Of(a)).Prepend(name)));
    }

    /// <summary>A kernel's entry point.</summary>
    public static string Kernel(MethodBase method) => Clean(KernelNames.Of(method));

    /// <summary>A helper: its name, with its type where that says more, as for the members of a function's struct.</summary>
    public static string Helper(MethodBase method)
    {
        var type = method.DeclaringType!;
        bool isModule = type is { IsAbstract: true, IsSealed: true, IsGenericType: false } or { IsClass: true };
        string name = isModule ? Plain(method) : $"{Of(type)}_{Plain(method)}";
        return Clean(method.IsGenericMethod ? string.Join('_', method.GetGenericArguments().Select(Of).Prepend(name)) : name);
    }

    // Local functions are called <Outer>g__Name|0_0, explicit implementations Space.IContract.Name.
    static string Plain(MethodBase method)
    {
        string name = method.IsConstructor ? "new" : method.Name;
        if (name.IndexOf("g__", StringComparison.Ordinal) is >= 0 and var local) name = name[(local + 3)..].Split('|')[0];
        name = name.Split('.')[^1];
        foreach (string prefix in (string[])["get_", "op_"])
            if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        return name;
    }

    /// <summary>The field behind the getter of an automatic property; null for any other method.</summary>
    public static FieldInfo? BackingField(MethodBase getter) =>
        getter is { IsStatic: false, DeclaringType: { } type } && getter.Name.StartsWith("get_", StringComparison.Ordinal) && getter.IsDefined(typeof(CompilerGeneratedAttribute), false)
            ? type.GetField($"<{getter.Name[4..]}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) : null;
}
