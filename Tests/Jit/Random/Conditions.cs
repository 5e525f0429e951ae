using static IlgpuXai.Tests.RandomKernels.Expressions;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Expressions that are true or false.</summary>
static class Conditions
{
    static readonly string[] s_relations = ["<", "<=", ">", ">=", "==", "!="];
    static readonly Scalar[] s_compared = [Scalar.Int, Scalar.Int, Scalar.UInt, Scalar.UInt, Scalar.Float, Scalar.Float, Scalar.Long, Scalar.ULong, Scalar.Byte];

    public static Node Of(Body b, int depth)
    {
        Node Inner() => Expressions.Of(b, Scalar.Bool, depth - 1);
        static Node New(string kind, string template, params Node[] parts) => Make(Scalar.Bool, 31, kind, template, parts);
        return b.Pick(
            (8, () => Comparison(b, depth)),
            (3, () => New("and", "($0 && $1)", Inner(), Inner())),
            (3, () => New("or", "($0 || $1)", Inner(), Inner())),
            (2, () => New("not", "(!$0)", Inner())),
            (1, () => New("bool-bitwise", b.Pick(["($0 & $1)", "($0 | $1)", "($0 ^ $1)", "($0 == $1)", "($0 != $1)"]), Inner(), Inner())),
            (1, () => New("is-nan", b.Pick(["float.IsNaN($0)", "($0 is > 0.5f or < -0.5f)", "!($0 > 0f)", "!($0 <= 1f)"]), Leaves.Unknown(b, Scalar.Float, 31))),
            (1, () => New("pattern", b.Pick(["((int)$0 is > 3 and < 90)", "((int)$0 is 1 or 4 or 9)", "((int)$0 is not 0)"]), Leaves.Unknown(b, Scalar.Int, 31))));
    }

    /// <summary>Of a variable with a literal.</summary>
    public static Node Plain(Body b)
    {
        var type = b.Pick(s_compared);
        return Make(Scalar.Bool, 31, "compare-plain", $"($0 {b.Pick(s_relations)} $1)", Leaves.Unknown(b, type, type.Bits()), Leaves.Literal(b, type, type.Bits()));
    }

    static Node Comparison(Body b, int depth)
    {
        var type = b.Pick(s_compared);
        var left = Expressions.Of(b, type, depth - 1);
        if (left.IsConstant) left = Leaves.Unknown(b, type, type.Bits());
        return Make(Scalar.Bool, 31, type switch { Scalar.Float => "compare-float", Scalar.UInt or Scalar.ULong => "compare-unsigned", _ => "compare" },
            $"($0 {b.Pick(s_relations)} $1)", left, b.Chance(0.5) ? Leaves.Literal(b, type, type.Bits()) : Expressions.Of(b, type, depth - 1));
    }
}
