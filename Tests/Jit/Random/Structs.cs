namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Values and statements of struct types.</summary>
static class Structs
{
    public static Node Value(Body b, StructType type) => b.Pick(
        (3, () => new Node("constructor", $"new {type.Name}({string.Join(", ", Enumerable.Range(0, type.Given).Select(k => $"${k}"))})", [.. type.Fields.Take(type.Given).Select(f => Expressions.Of(b, f.Type, 2))])),
        (2, () => Copy(b, type)),
        (1, () => Copy(b, type) is { } copy ? new Node("with", $"($0 with {{ {type.Fields[0].Path} = $1 }})", copy, Expressions.Of(b, type.Fields[0].Type, 2)) : null),
        (1, () => Copy(b, type) is { } left && Copy(b, type) is { } right ? new Node("operator", "($0 + $1)", left, right) : null),
        (1, () => Copy(b, type) is { } left && Copy(b, type) is { } right ? new Node("struct-conditional", "($0 ? $1 : $2)", Expressions.Of(b, Scalar.Bool, 2), left, right) : null),
        (1, () => new Node("default-struct", $"default({type.Name})")),
        (1, () => new Node("initializer", $"new {type.Name} {{ {type.Fields[0].Path} = $0 }}", Expressions.Of(b, type.Fields[0].Type, 2))));

    /// <summary>From a variable or element; null if there is none.</summary>
    static Node? Copy(Body b, StructType type)
    {
        var found = b.Structs.Where(s => s.Type == type).ToList();
        if (found.Count > 0 && b.Chance(0.6)) return new("struct-copy", b.Pick(found).Name);
        return Places.Struct(b, type.Name, write: false) is { } element ? new("struct-load", "$0", element) : null;
    }

    public static Node? Assign(Body b) => b.PickIfAny(
        (2, () => b.Types.Count > 0 && b.Pick(b.Types) is var type && Places.Struct(b, type.Name, write: true) is { } place ? new Node("struct-store", "$0 = $1;", place, Value(b, type)) : null),
        (2, () => b.Structs.Count > 0 && b.Pick(b.Structs) is var s ? new Node("struct-assign", $"{s.Name} = $0;", Value(b, s.Type)) : null),
        (1, () => b.Structs.Count > 0 && b.Trips <= 20 ? new Node("struct-call-statement", $"{b.Pick(b.Structs).Name}.Step($0);", Expressions.Of(b, Scalar.Int, 2)) : null),
        (1, () => b.Structs.Count > 0 && b.Trips <= 20 ? new Node("property-set", $"{b.Pick(b.Structs).Name}.Code {b.Pick(["=", "^=", "+="])} $0;", Expressions.Of(b, Scalar.UInt, 2)) : null));
}
