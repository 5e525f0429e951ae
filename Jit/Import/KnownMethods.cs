using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>The methods whose meaning is known by name; all others are read.</summary>
/// <remarks>Members of the vocabulary that are plain C#, such as <c>IntrinsicMath.DivRoundUp</c>, are read too: what they mean on devices is their own text.</remarks>
static class KnownMethods
{
    static readonly HashSet<string> s_math =
    [
        "Abs", "Acos", "Asin", "Atan", "Atan2", "Ceiling", "CopySign", "Cos", "Cosh", "Exp", "Exp2", "Floor", "IEEERemainder", "Log", "Log10", "Log2", "Max", "Min",
        "Pow", "Rem", "Round", "RoundAwayFromZero", "RoundToEven", "Rsqrt", "Sin", "Sinh", "Sqrt", "Tan", "Tanh", "Truncate",
    ];

    /// <summary>For instance <c>Group.IdxX</c>, <c>Math.Exp</c>; null for a method that is read.</summary>
    public static string? Find(MethodBase method)
    {
        var type = method.DeclaringType!;
        string name = method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name;
        if (Views.Is(type)) return $"View.{name}";
        if (type == typeof(Index1D) || type == typeof(LongIndex1D))
            return name is "op_Implicit" or "op_Explicit" or "X" or ".ctor" or "ToIntIndex" or "Size" or "LongSize" ? "Index.Same"
                : name is "op_Addition" or "op_Subtraction" or "op_Multiply" or "op_Division" ? $"Index.{name}" : null;
        if (type == typeof(Group) || type == typeof(Grid) || type == typeof(Warp) || type == typeof(Atomic) || type == typeof(MemoryFence) || type == typeof(SharedMemory) || type == typeof(LocalMemory))
            return $"{type.Name}.{name}";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(SpecializedValue<>)) return name is "Value" or "op_Implicit" ? "Specialised.Value" : null;
        if (type == typeof(Interop)) return name is "FloatAsInt" or "IntAsFloat" or "SizeOf" ? $"Interop.{name}" : null;
        if (type == typeof(XMath) || type == typeof(IntrinsicMath) || type == typeof(MathF) || type == typeof(Math)) return Math(method, type, name);
        if (type == typeof(BitConverter))
            return name switch { "SingleToUInt32Bits" or "SingleToInt32Bits" => "Interop.FloatAsInt", "UInt32BitsToSingle" or "Int32BitsToSingle" => "Interop.IntAsFloat", _ => null };
        if (type == typeof(System.Numerics.BitOperations) && name is "PopCount" or "LeadingZeroCount" or "TrailingZeroCount") return $"Bits.{name}";
        if (type.IsPrimitive && name == "CreateTruncating") return "Number.CreateTruncating";
        return null;
    }

    static string? Math(MethodBase method, Type type, string name)
    {
        int count = method.GetParameters().Length;
        if (name == "FusedMultiplyAdd") throw new RefusedKernelException(method, 0, "FusedMultiplyAdd: write a * b + c, which compilers may fuse");
        if (name is "PopCount" or "LeadingZeroCount" or "TrailingZeroCount") return $"Bits.{name}";
        if (name is "Log" && count == 2 || name is "Round" && count > 1) return null;
        if (name == "Clamp" && type != typeof(XMath) && type != typeof(IntrinsicMath)) return null;
        return s_math.Contains(name) ? $"Math.{name}" : null;
    }

    /// <summary>It does more than compute a value: memory is changed, or other threads take part.</summary>
    public static bool IsImpure(string known) => known.Split('.')[0] switch
    {
        "Atomic" or "MemoryFence" or "SharedMemory" or "LocalMemory" => true,
        "Group" => known.StartsWith("Group.B", StringComparison.Ordinal),
        "Warp" => known.StartsWith("Warp.B", StringComparison.Ordinal) || known.StartsWith("Warp.S", StringComparison.Ordinal),
        _ => false,
    };
}
