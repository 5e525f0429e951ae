namespace IlgpuXai.Tests.RandomKernels;

/// <summary>The ends of expressions: variables, elements of memory, literals, what a thread knows of its place.</summary>
static class Leaves
{
    static readonly long[] s_ints = [0, 1, 2, 3, 5, 7, 8, 13, 31, 32, 63, 100, 127, 128, 255, 1000, 32767, 65535, 65536, 1 << 20, int.MaxValue, -1, -2, -7, -128, -1000, -32768, int.MinValue];
    static readonly string[] s_uints = ["0u", "1u", "2u", "3u", "7u", "31u", "255u", "65535u", "0x80000000u", "0x9E3779B9u", "4294967295u"];
    static readonly string[] s_longs = ["0L", "1L", "(-1L)", "3L", "255L", "4294967296L", "(-4294967297L)", "1099511627776L", "long.MaxValue", "long.MinValue"];
    static readonly string[] s_ulongs = ["0ul", "1ul", "31ul", "6364136223846793005ul", "18446744073709551615ul", "4294967296ul", "0x8000000000000000ul"];
    static readonly string[] s_floats = ["0f", "1f", "(-1f)", "0.5f", "(-0f)", "2.75f", "0.1f", "1e-3f", "1e10f", "3e38f", "1e-42f", "float.NaN", "float.PositiveInfinity", "float.NegativeInfinity", "float.MaxValue", "16777216f"];

    static readonly string[] s_places = ["Group.IdxX", "Group.IdxY", "Group.DimX", "Group.DimY", "Group.LinearIndex", "Grid.IdxX", "Grid.DimX", "Grid.LinearIndex", "Grid.IdxY"];

    public static Node Of(Body b, Scalar type, int bits) => b.Pick(
        (5, () => Known(b, type, bits)),
        (3, () => Element(b, type, bits)),
        (1, () => Position(b, type, bits)),
        (1, () => Constant(b, type, bits)),
        // A condition that is known when C# is compiled leaves code out, or is an error.
        (2, () => type == Scalar.Bool ? Conditions.Plain(b) : Literal(b, type, bits)));

    /// <summary>A value that is not known when the kernel is compiled.</summary>
    public static Node Unknown(Body b, Scalar type, int bits) => Known(b, type, bits) ?? Element(b, type, bits) ??
        new(type == Scalar.Bool ? "compare" : $"int-to-{type.Word()}", type == Scalar.Bool ? "($0 > 1)" : $"({type.Word()})($0)", Known(b, Scalar.Int, 31)!) { Type = type, Bits = type.Bits() };

    public static Node Literal(Body b, Scalar type, int bits) => new("literal", type switch
    {
        Scalar.Bool => b.Chance(0.5) ? "true" : "false",
        Scalar.Int => Int(b.Pick([.. s_ints.Where(v => v >= -(1L << bits) && v < 1L << bits)])),
        Scalar.UInt => b.Pick(s_uints),
        Scalar.Long => bits >= 63 ? b.Pick(s_longs) : $"{b.Random.Next(100)}L",
        Scalar.ULong => b.Pick(s_ulongs),
        Scalar.Float => b.Chance(0.4) ? b.Pick(s_floats) : $"({b.Random.Next(-50, 50) / 8f:R}f)",
        Scalar.Byte => $"(byte){b.Random.Next(256)}",
        Scalar.SByte => $"(sbyte){b.Random.Next(128)}",
        Scalar.Short => $"(short){b.Random.Next(32768)}",
        _ => $"(ushort){b.Random.Next(65536)}",
    })
    { Type = type, Bits = bits };

    static string Int(long value) => value switch
    {
        int.MinValue => "int.MinValue",
        < 0 => $"({value})",
        _ => $"{value}",
    };

    static Node? Known(Body b, Scalar type, int bits)
    {
        // The later ones twice as likely: they are those of the innermost scope.
        var fit = b.Variables.Where(v => Fits(v.Type, type) && v.Bits <= bits).ToList();
        if (fit.Count == 0) return null;
        var v = fit[Math.Max(b.Random.Next(fit.Count), b.Random.Next(fit.Count))];
        return new("variable", v.Type == type ? v.Name : $"((int){v.Name})") { Type = type, Bits = bits };
    }

    // A byte or short is an int wherever an int is asked for.
    static bool Fits(Scalar have, Scalar want) => have == want || want == Scalar.Int && have.IsSmall();

    static Node? Element(Body b, Scalar type, int bits)
    {
        var from = type == Scalar.Int && bits < 31 ? b.Pick(Scalars.Small) : type;
        if (from.Bits() > bits) return null;
        return Places.Element(b, from, write: false) is { } place ? new("load", from == type ? "$0" : "((int)$0)", place) { Type = type, Bits = bits } : null;
    }

    static Node? Position(Body b, Scalar type, int bits)
    {
        if (type != Scalar.Int || bits < 13) return null;
        var view = b.Memory.Count > 0 ? b.Pick(b.Memory) : null;
        Node New(string kind, string text) => new(kind, text) { Type = type, Bits = bits };
        return b.Pick(
            (4, () => b.Grouped ? New("group", b.Pick(s_places)) : null),
            (2, () => view is null ? null : New("length", b.Chance(0.5) ? $"{view.Name}.IntLength" : $"(int){view.Name}.Length")),
            (1, () => New("size-of", "Interop.SizeOf<Pair>()")));
    }

    static Node? Constant(Body b, Scalar type, int bits)
    {
        string? name = type switch
        {
            Scalar.Int when bits >= 13 => "Constants.Offset",
            Scalar.UInt => "Constants.Seed",
            Scalar.Float => b.Pick(["Constants.NotANumber", "Constants.Scale", "Constants.Origin.X"]),
            Scalar.Short => "Constants.Origin.In.S",
            _ => null,
        };
        return name is null ? null : new("readonly-static", name) { Type = type, Bits = bits };
    }
}
