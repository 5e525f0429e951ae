using System.Reflection;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Simt;

/// <summary>Sizes and fields of the types that kernels keep in memory.</summary>
static class ValueTypes
{
    public static int SizeOf(Type type) =>
        type.IsByRef || type.IsPointer ? sizeof(long)
        : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    public static bool IsReadOnly(Type type) => type.IsPrimitive || type.IsDefined(typeof(IsReadOnlyAttribute), false);

    /// <summary>Holds no reference to an object, at any depth.</summary>
    public static bool IsUnmanaged(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsValueType && Fields(type).All(f => IsUnmanaged(f.FieldType));

    public static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary>The paths to the primitive fields of a struct with gaps between them; null if it has none, or fields that reflection does not list.</summary>
    public static IReadOnlyList<FieldInfo[]>? FieldsOfPadded(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer) return null;
        var paths = new List<FieldInfo[]>();
        if (!Collect(type, [], paths)) return null;
        return paths.Sum(path => SizeOf(path[^1].FieldType)) < SizeOf(type) ? paths : null;
    }

    static bool Collect(Type type, FieldInfo[] before, List<FieldInfo[]> paths)
    {
        // Inline arrays and fixed buffers list one field and are larger than it.
        if (type.IsDefined(typeof(InlineArrayAttribute), false) || type.Name.Contains("FixedBuffer", StringComparison.Ordinal) || type.IsExplicitLayout) return false;
        foreach (var field in Fields(type))
        {
            FieldInfo[] path = [.. before, field];
            if (field.FieldType.IsPrimitive || field.FieldType.IsEnum || field.FieldType.IsPointer) paths.Add(path);
            else if (!Collect(field.FieldType, path, paths)) return false;
        }
        return true;
    }
}
