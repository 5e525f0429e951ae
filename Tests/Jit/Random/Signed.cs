using static IlgpuXai.Tests.RandomKernels.Expressions;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Arithmetic of int and long that stays in range: an expression of b bits adds two of b − 1.</summary>
static class Signed
{
    public static Node Of(Body b, Scalar type, int bits, int depth)
    {
        bool whole = bits == type.Bits();
        Node Inner(int range) => Expressions.Of(b, type, range, depth - 1);
        Node Count() => Expressions.Of(b, Scalar.Int, 31, depth - 1);
        Node New(string kind, string template, params Node[] parts) => Make(type, bits, kind, template, parts);
        return b.Pick(
            (4, () => bits < 4 ? null : New("add", "($0 + $1)", Inner(bits - 1), Inner(bits - 1))),
            (3, () => bits < 4 ? null : New("subtract", "($0 - $1)", Inner(bits - 1), Inner(bits - 1))),
            (3, () => bits < 6 ? null : New("multiply", "($0 * $1)", Inner(bits / 2), Inner(bits - 1 - bits / 2))),
            (2, () => bits < 4 ? null : New("negate", "(-$0)", Inner(bits - 1))),
            (2, () => New("divide", "($0 / $1)", Inner(bits), Divisor(b, type, depth))),
            (2, () => New("remainder", "($0 % $1)", Inner(bits), Divisor(b, type, depth))),
            (3, () => New("bitwise", b.Pick(["($0 & $1)", "($0 | $1)", "($0 ^ $1)"]), Inner(bits), Inner(bits))),
            (1, () => New("complement", "(~$0)", Inner(bits))),
            (2, () => b.Chance(0.5) ? New("shift-right", "($0 >> $1)", Inner(bits), Count()) : New("shift-right", $"($0 >> {b.Random.Next(1, 31)})", Inner(bits))),
            (1, () => whole ? New("shift-left", "($0 << $1)", Inner(bits), Count()) : null),
            (1, () => whole ? New("shift-right-unsigned", "($0 >>> $1)", Inner(bits), Count()) : null),
            (whole ? 1 : 4, () => Masked(type, bits < type.Bits() ? bits : b.Random.Next(1, 24), Inner(type.Bits()))),
            (4, () => Converted(b, type, bits, depth)),
            (1, () => type == Scalar.Long && bits >= 32 ? New("int-in-long", "((long)$0 * $1)", Expressions.Of(b, Scalar.Int, 15, depth - 1), Expressions.Of(b, Scalar.Int, 15, depth - 1)) : null),
            (1, () => New("bool-to-number", "($0 ? 1 : 0)", Expressions.Of(b, Scalar.Bool, depth - 1))),
            (1, () => type == Scalar.Int ? Function(b, bits, Inner) : null));
    }

    /// <summary>Never 0, and never −1 either.</summary>
    static Node Divisor(Body b, Scalar type, int depth)
    {
        string suffix = type == Scalar.Long ? "L" : "";
        if (b.Chance(0.3)) return new("constant-divisor", b.Pick([$"7{suffix}", $"(-16{suffix})", $"8{suffix}", $"1000{suffix}"]));
        return new("divisor", b.Pick([$"(($0 & 15{suffix}) + 1{suffix})", $"-(($0 & 7{suffix}) + 2{suffix})"]), Expressions.Of(b, type, depth - 1));
    }

    static Node? Function(Body b, int bits, Func<int, Node> inner) => b.Pick(
        (3, () => Make(Scalar.Int, bits, "int-min-max", b.Pick(["IntrinsicMath.Min($0, $1)", "IntrinsicMath.Max($0, $1)", "XMath.Min($0, $1)", "XMath.Max($0, $1)", "Math.Max((int)$0, (int)$1)"]), inner(bits), inner(bits))),
        (1, () => bits < 4 ? null : Make(Scalar.Int, bits, "int-abs", "IntrinsicMath.Abs($0)", inner(bits - 1))),
        (1, () => Make(Scalar.Int, bits, "int-clamp", "IntrinsicMath.Clamp($0, $1, $2)", inner(bits), inner(bits), inner(bits))),
        (1, () => bits < 6 ? null : Make(Scalar.Int, bits, "bit-count", b.Pick(["IntrinsicMath.PopCount($0)", "IntrinsicMath.LeadingZeroCount($0)", "IntrinsicMath.TrailingZeroCount($0)"]), inner(31))),
        (1, () => bits < 12 ? null : Make(Scalar.Int, bits, "divide-up", "IntrinsicMath.DivRoundUp($0 & 1023, ($1 & 7) + 1)", inner(31), inner(31))),
        (1, () => bits < 31 ? null : Make(Scalar.Int, bits, "generic-arithmetic", "Generic.Blend<int>($0, $1)", inner(14), inner(14))));
}
