using static IlgpuXai.Tests.RandomKernels.Expressions;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Arithmetic of uint and ulong, which wraps around.</summary>
static class Unsigned
{
    public static Node Of(Body b, Scalar type, int depth)
    {
        string suffix = type == Scalar.UInt ? "u" : "ul";
        Node Count() => Expressions.Of(b, Scalar.Int, depth - 1);
        Node Inner() => Expressions.Of(b, type, depth - 1);
        Node New(string kind, string template, params Node[] parts) => Make(type, type.Bits(), kind, template, parts);
        return b.Pick(
            (4, () => New("wrapping-add", "($0 + $1)", Inner(), Inner())),
            (3, () => New("wrapping-subtract", "($0 - $1)", Inner(), Inner())),
            (4, () => New("wrapping-multiply", "($0 * $1)", Inner(), Inner())),
            (2, () => New("wrapping-signed", type == Scalar.UInt ? "((uint)$0 * 3u)" : "((ulong)$0 * 3ul)", Expressions.Of(b, type == Scalar.UInt ? Scalar.Int : Scalar.Long, depth - 1))),
            (2, () => New("unsigned-divide", $"($0 / (($1 & 31{suffix}) + 1{suffix}))", Inner(), Inner())),
            (2, () => b.Chance(0.5) ? New("unsigned-remainder", $"($0 % ($1 | 1{suffix}))", Inner(), Inner()) : New("unsigned-remainder", $"($0 % 10{suffix})", Inner())),
            (3, () => New("unsigned-bitwise", b.Pick(["($0 & $1)", "($0 | $1)", "($0 ^ $1)", "(~$0 ^ $1)"]), Inner(), Inner())),
            (2, () => b.Chance(0.6) ? New("unsigned-shift", b.Pick(["($0 << $1)", "($0 >> $1)", "($0 >>> $1)"]), Inner(), Count()) : New("unsigned-shift", b.Pick(["($0 >> 5)", "($0 << 13)"]), Inner())),
            (4, () => Converted(b, type, type.Bits(), depth)),
            (1, () => New("bool-to-unsigned", $"($0 ? 1{suffix} : 0{suffix})", Expressions.Of(b, Scalar.Bool, depth - 1))),
            (1, () => New("generic-arithmetic", $"Generic.Blend<{type.Word()}>($0, $1)", Inner(), Inner())),
            (1, () => type == Scalar.UInt ? New("float-bits", "Interop.FloatAsInt((float)$0)", Expressions.Of(b, Scalar.Int, depth - 1)) : null),
            (2, () => type == Scalar.UInt ? New("high-product", "(uint)((ulong)$0 * $1 >> 32)", Inner(), Inner()) : New("wide-product", "((ulong)$0 * $1)", Expressions.Of(b, Scalar.UInt, depth - 1), Expressions.Of(b, Scalar.UInt, depth - 1))));
    }
}
