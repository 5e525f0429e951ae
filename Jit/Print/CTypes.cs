using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;
using ILGPU;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>C definitions of the structs that a kernel uses, each field where the host has it.</summary>
/// <remarks>Except in structs whose layout C# leaves open, such as the variables that a local function captures: they never leave the kernel.</remarks>
sealed class CTypes(Dialect dialect, MethodBase kernel)
{
    readonly Dictionary<Type, string> _names = [];
    readonly StringBuilder _definitions = new();

    public string Definitions => _definitions.ToString();

    /// <summary>The type of a value on the device: an index of one axis is a number, an enum the number behind it.</summary>
    public static Type Storage(Type t) =>
        t.IsByRef ? Storage(t.GetElementType()!).MakeByRefType()
        : t.IsEnum ? Enum.GetUnderlyingType(t)
        : t == typeof(Index1D) ? typeof(int)
        : t == typeof(LongIndex1D) ? typeof(long)
        : t == typeof(char) ? typeof(ushort)
        : t == typeof(nint) ? typeof(long)
        : t == typeof(nuint) ? typeof(ulong)
        : t;

    public static FieldInfo[] Fields(Type t) => [.. t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.MetadataToken)];

    public static Expr Zero(Type t)
    {
        t = Storage(t);
        if (t == typeof(float)) return new Constant(0f, t);
        if (t == typeof(double)) return new Constant(0.0, t);
        if (t == typeof(long)) return new Constant(0L, t);
        if (t == typeof(ulong)) return new Constant(0UL, t);
        return t.IsPrimitive ? new Constant(0, t) : new Aggregate(t, []);
    }

    /// <summary>A value known at translation as an expression.</summary>
    public static Expr Literal(object value)
    {
        var type = Storage(value.GetType());
        if (value is bool b) return b ? Constant.True : Constant.False;
        if (value is Index1D index) return new Constant(index.X, typeof(int));
        if (value is LongIndex1D wide) return new Constant(wide.X, typeof(long));
        if (value is nint n) return new Constant((long)n, typeof(long));
        if (value is char c) return new Constant((int)c, type);
        if (value.GetType().IsEnum) return new Constant(Convert.ChangeType(value, type), type);
        return type.IsPrimitive ? new Constant(value, type) : new Aggregate(type, [.. Fields(type).Select(f => Literal(f.GetValue(value)!))]);
    }

    public string Name(Type type, bool inMemory = false)
    {
        type = Storage(type);
        if (type == typeof(bool) && inMemory) return dialect.Primitive(typeof(byte))!;
        if (dialect.Primitive(type) is { } primitive) return primitive;
        if (_names.TryGetValue(type, out string? known)) return known;
        if (!type.IsValueType || type.IsPrimitive || Views.Is(type)) throw new RefusedKernelException(kernel, 0, $"the type {MethodNames.Of(type)}{(Views.Is(type) ? " inside a struct: pass views as parameters" : "")}");
        return _names[type] = Define(type);
    }

    /// <summary>The name of a field, unique in its struct.</summary>
    public static string FieldName(FieldInfo field)
    {
        string name = CNames.Of(field);
        int before = Fields(field.DeclaringType!).Count(f => f.MetadataToken < field.MetadataToken && CNames.Of(f) == name);
        return before == 0 ? name : $"{name}_{before + 1}";
    }

    string Define(Type type)
    {
        string stem = CNames.Of(type), name = $"{stem}_t";          // functions and fields may be called as a type is
        for (int n = 2; _names.ContainsValue(name); n++) name = $"{stem}_{n}_t";
        if (type.IsExplicitLayout || type.IsDefined(typeof(InlineArrayAttribute), false) || type.Name.Contains("FixedBuffer", StringComparison.Ordinal))
            throw new RefusedKernelException(kernel, 0, $"the type {MethodNames.Of(type)}: overlapping fields, inline arrays and fixed buffers have no definition on devices");
        var fields = Fields(type);
        var text = new List<string>();
        int offset = 0, align = AlignmentOf(type);
        foreach (var f in fields)
        {
            string typeName = Name(f.FieldType, inMemory: true);
            int a = AlignmentOf(Storage(f.FieldType));
            offset = (offset + a - 1) / a * a;
            if (offset != OffsetOf(f) && !type.IsAutoLayout)
                throw new RefusedKernelException(kernel, 0, $"the type {MethodNames.Of(type)}: its field {f.Name} lies at byte {OffsetOf(f)} on the host and at {offset} on devices: order the fields by size");
            text.Add($"    {typeName} {FieldName(f)};");
            offset += SizeOf(Storage(f.FieldType));
        }
        if (fields.Length == 0) (offset, text) = (1, ["    char unused;"]);
        offset = (offset + align - 1) / align * align;
        if (offset != SizeOf(type) && !type.IsAutoLayout) throw new RefusedKernelException(kernel, 0, $"the type {MethodNames.Of(type)}: it has {SizeOf(type)} bytes on the host and {offset} on devices");
        _definitions.Append(dialect.Struct(name, text, IsVector(type) ? align : 0)).Append("\n\n");
        return name;
    }

    /// <summary>Aligned to its own size, so that it is read and written at once: see <see cref="VectorAttribute"/>.</summary>
    public static bool IsVector(Type type) => type.IsDefined(typeof(VectorAttribute), false);

    public static int AlignmentOf(Type type)
    {
        type = Storage(type);
        if (type.IsPrimitive || IsVector(type)) return SizeOf(type);
        return Fields(type).Select(f => AlignmentOf(f.FieldType)).DefaultIfEmpty(1).Max();
    }

    public static int SizeOf(Type type) =>
        type == typeof(bool) ? 1 : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    // Measured where the host puts it: Marshal.OffsetOf tells the layout of another world for bool and char.
    static int OffsetOf(FieldInfo field)
    {
        var method = new DynamicMethod("offset", typeof(int), null, typeof(CTypes).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.DeclareLocal(field.DeclaringType!);
        il.Emit(OpCodes.Ldloca_S, (byte)0);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca_S, (byte)0);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }
}
