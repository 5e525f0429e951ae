using static IlgpuXai.Tests.RandomKernels.Expressions;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Float operations that IEEE 754 rounds correctly, and functions whose result is exact.</summary>
static class Floats
{
    public static Node Of(Body b, int depth)
    {
        Node Inner() => Expressions.Of(b, Scalar.Float, depth - 1);
        static Node New(string kind, string template, params Node[] parts) => Make(Scalar.Float, 31, kind, template, parts);
        return b.Pick(
            (5, () => New("float-add", "($0 + $1)", Inner(), Inner())),
            (4, () => New("float-subtract", "($0 - $1)", Inner(), Inner())),
            (5, () => New("float-multiply", "($0 * $1)", Inner(), Inner())),
            (2, () => New("multiply-add", b.Pick(["($0 * $1 + $2)", "($2 - $0 * $1)"]), Inner(), Inner(), Inner())),
            (1, () => New("float-divide", "($0 / $1)", Inner(), Inner())),
            (2, () => New("float-negate", "(-$0)", Inner())),
            (1, () => New("square-root", b.Pick(["MathF.Sqrt($0)", "XMath.Sqrt($0)"]), Inner())),
            (2, () => New("float-min-max", b.Pick(["MathF.Max($0, $1)", "MathF.Min($0, $1)", "XMath.Max($0, $1)", "XMath.Min($0, $1)"]), Inner(), Inner())),
            (1, () => New("float-abs", b.Pick(["MathF.Abs($0)", "XMath.Abs($0)", "IntrinsicMath.Abs($0)"]), Inner())),
            (1, () => New("rounding", b.Pick(["XMath.Floor($0)", "XMath.Ceiling($0)", "XMath.Truncate($0)", "XMath.Round($0)", "MathF.Floor($0)"]), Inner())),
            (1, () => New("float-clamp", "XMath.Clamp($0, -2f, $1)", Inner(), Inner())),
            (1, () => New("copy-sign", "IntrinsicMath.CopySign($0, (float)$1)", Inner(), Expressions.Of(b, Scalar.Int, depth - 1))),
            (1, () => New("bits-to-float", "Interop.IntAsFloat($0 & 0x7F7FFFFFu)", Expressions.Of(b, Scalar.UInt, depth - 1))),
            (1, () => New("static-abstract", b.Pick(["Generic.Twice<Squared>($0)", "Generic.Twice<Shifted>($0)"]), Inner())),
            (1, () => New("generic-arithmetic", "Generic.Blend<float>($0, $1)", Inner(), Inner())),
            (4, () => Converted(b, Scalar.Float, 31, depth)));
    }
}
