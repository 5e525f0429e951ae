namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Expressions of every type. What would be undefined in C (signed overflow, a division by zero) is not made.</summary>
static class Expressions
{
    public static Node Of(Body b, Scalar type, int depth) => Of(b, type, type.Bits(), depth);

    public static Node Of(Body b, Scalar type, int bits, int depth)
    {
        if (depth <= 0 || b.Chance(0.25)) return Leaves.Of(b, type, bits);
        if (b.Chance(0.3)) return Shared(b, type, bits, depth);
        return type switch
        {
            Scalar.Bool => Conditions.Of(b, depth),
            Scalar.Float => Floats.Of(b, depth),
            Scalar.Int or Scalar.Long => Signed.Of(b, type, bits, depth),
            Scalar.UInt or Scalar.ULong => Unsigned.Of(b, type, depth),
            _ => Converted(b, type, bits, depth),
        };
    }

    public static Node Make(Scalar type, int bits, string kind, string template, params Node[] parts) => new(kind, template, parts) { Type = type, Bits = bits };

    /// <summary>From a value of another type.</summary>
    public static Node Converted(Body b, Scalar type, int bits, int depth)
    {
        if (type == Scalar.Bool) return Make(type, bits, "compare", "($0 > $1)", Of(b, Scalar.Int, depth - 1), Leaves.Literal(b, Scalar.Int, 31));
        if (type.IsSmall()) return Make(type, bits, $"to-{type.Word()}", $"({type.Word()})($0)", Of(b, b.Pick([Scalar.Int, Scalar.Int, Scalar.UInt, Scalar.Long]), depth - 1));
        Scalar[] sources = type switch
        {
            Scalar.Int => [Scalar.UInt, Scalar.Long, Scalar.ULong, Scalar.Float],
            Scalar.UInt => [Scalar.Int, Scalar.Int, Scalar.Long, Scalar.ULong, Scalar.Float, Scalar.Short, Scalar.SByte],
            Scalar.Long => [Scalar.Int, Scalar.Int, Scalar.UInt, Scalar.ULong, Scalar.Float, Scalar.Byte],
            Scalar.ULong => [Scalar.Int, Scalar.UInt, Scalar.UInt, Scalar.Long, Scalar.Float, Scalar.UShort],
            _ => [Scalar.Int, Scalar.Int, Scalar.UInt, Scalar.Long, Scalar.Byte, Scalar.Short],
        };
        var source = b.Pick(sources);
        if (depth <= 0) return Make(type, bits, "literal", $"({type.Word()})$0", Leaves.Literal(b, Scalar.Int, 7));
        var value = Of(b, source, depth - 1);
        // The C# compiler folds such a conversion of a constant in its own way.
        if (source == Scalar.Float && value.IsConstant) value = Leaves.Unknown(b, source, 31);
        var converted = Make(type, type.Bits(), $"{source.Word()}-to-{type.Word()}", $"({type.Word()})($0)", value);
        return bits < type.Bits() ? Masked(type, bits, converted) : converted;
    }

    public static Node Masked(Scalar type, int bits, Node value) =>
        Make(type, bits, "mask", type == Scalar.Long ? $"($0 & {(1L << bits) - 1}L)" : $"($0 & {(1L << bits) - 1})", value);

    static Node Shared(Body b, Scalar type, int bits, int depth) => b.Pick(
        (4, () => Make(type, bits, "conditional", "($0 ? $1 : $2)", Of(b, Scalar.Bool, depth - 1), Of(b, type, bits, depth - 1), Of(b, type, bits, depth - 1))),
        (depth > 1 ? 2 : 0, () => Choice(b, type, bits, depth)),
        (5, () => bits == type.Bits() ? Calls.Value(b, type, depth) : null),
        (1, () => bits == type.Bits() && Places.Variable(b, type) is { } v ? Make(type, bits, "assignment-value", "($0 = $1)", v, Of(b, type, bits, depth - 1)) : null),
        (2, () => Stepped(b, type, bits)),
        (1, () => type.IsUnsigned() && Places.Element(b, type, write: true) is { } place ? Make(type, bits, "element-step-value", b.Pick(["($0++)", "(++$0)", "($0--)"]), place) : null),
        (1, () => Leaves.Of(b, type, bits)));

    static Node? Stepped(Body b, Scalar type, int bits)
    {
        var found = b.Variables.Where(v => v.Type == type && v.Assignable && v.Bits <= bits && (v.Counts || type.IsUnsigned() || type.IsSmall())).ToList();
        return found.Count == 0 ? null : Make(type, bits, "step-value", b.Pick(["($0++)", "(++$0)", "($0--)", "(--$0)"]), new Node("variable", b.Pick(found).Name));
    }

    static Node Choice(Body b, Scalar type, int bits, int depth)
    {
        Node Arm() => Of(b, type, bits, b.Chance(0.2) ? depth - 1 : 0);
        return b.Random.Next(3) switch
        {
            0 => Make(type, bits, "switch-expression", "((int)$0 switch { 0 => $1, 1 or 5 => $2, > 20 => $3, < -3 => $4, _ => $5 })", Leaves.Unknown(b, Scalar.Int, 31), Arm(), Arm(), Arm(), Arm(), Arm()),
            1 => Make(type, bits, "switch-expression-dense", "(($0 & 7u) switch { 0u => $1, 1u => $2, 2u => $1, 3u => $3, 4u or 6u => $4, _ => $5 })", Leaves.Unknown(b, Scalar.UInt, 31), Arm(), Arm(), Arm(), Arm(), Arm()),
            _ => Make(type, bits, "switch-expression-when", "((int)$0 switch { 3 when $1 => $2, 3 => $3, _ when $4 => $5, _ => $6 })", Leaves.Unknown(b, Scalar.Int, 31), Of(b, Scalar.Bool, depth - 1), Arm(), Arm(), Of(b, Scalar.Bool, depth - 1), Arm(), Arm()),
        };
    }
}
