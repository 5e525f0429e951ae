namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Statements that change a variable or an element.</summary>
static class Assignments
{
    static readonly string[] s_rightShifts = [">>=", ">>>="], s_shifts = ["<<=", .. s_rightShifts];

    public static Node Any(Body b) => b.Pick(
        (6, () => Variable(b)),
        (5, () => Element(b)),
        (2, () => Count(b)),
        (2, () => Structs.Assign(b)),
        (2, () => Call(b)),
        (1, () => Swap(b)),
        (1, () => Atomic(b)));

    /// <summary>To a variable, or to an element if none may be changed.</summary>
    public static Node? Variable(Body b)
    {
        var found = b.Variables.Where(v => v.Assignable).ToList();
        return found.Count == 0 ? Element(b) : To(b, found[Math.Max(b.Random.Next(found.Count), b.Random.Next(found.Count))]);
    }

    public static Node To(Body b, Variable v)
    {
        if (v.Counts)
            return b.Random.Next(3) switch
            {
                0 => new("count", $"{v.Name}{b.Pick(["++", "--"])};"),
                1 => new("count-add", $"{v.Name} {b.Pick(["+=", "-="])} $0;", Expressions.Of(b, Scalar.Int, 9, 2)),
                _ => new("assign", $"{v.Name} = $0;", Expressions.Of(b, Scalar.Int, 10, 2)),
            };
        return b.Chance(0.5) ? new("assign", $"{v.Name} = $0;", Expressions.Of(b, v.Type, 3)) : Compound(b, v.Type, new("variable", v.Name), "compound");
    }

    static Node? Element(Body b)
    {
        var type = Scalars.Any(b.Random);
        if (Places.Element(b, type, write: true) is not { } place) return null;
        return b.Chance(0.5) ? new("store", "$0 = $1;", place, Expressions.Of(b, type, 3)) : Compound(b, type, place, "compound-element");
    }

    static Node Compound(Body b, Scalar type, Node place, string kind)
    {
        if ((type.IsUnsigned() || type.IsSmall()) && b.Chance(0.3)) return new($"{kind}-step", b.Pick(["$0++;", "$0--;", "++$0;"]), place);
        if (b.Chance(0.15) && type is not (Scalar.Bool or Scalar.Float))
            return new($"{kind}-shift", $"$0 {b.Pick(type is Scalar.Int or Scalar.Long ? s_rightShifts : s_shifts)} $1;", place, Expressions.Of(b, Scalar.Int, 2));
        string[] operators = type switch
        {
            Scalar.Float => ["+=", "-=", "*="],
            Scalar.UInt or Scalar.ULong or Scalar.Byte or Scalar.SByte or Scalar.Short => ["+=", "-=", "*=", "^=", "|=", "&="],
            Scalar.UShort => ["+=", "-=", "^=", "|="],       // two of them may multiply to more than an int holds
            _ => ["^=", "|=", "&="],
        };
        return new(kind, $"$0 {b.Pick(operators)} $1;", place, Expressions.Of(b, type, 3));
    }

    static Node? Count(Body b)
    {
        if (Places.Counter(b) is not { } place) return null;
        return b.Chance(0.4) ? new("count-element", b.Pick(["$0++;", "--$0;"]), place) : new("count-add-element", b.Pick(["$0 += $1;", "$0 -= $1;"]), place, Expressions.Of(b, Scalar.Int, 9, 2));
    }

    static Node? Call(Body b)
    {
        if (b.Helpers.Count == 0 || Calls.Of(b, b.Pick(b.Helpers), 3) is not { } call) return null;
        return b.Chance(0.5) ? new("call-statement", "$0;", call with { Type = null }) : new("discard", "_ = $0;", call);
    }

    static Node? Swap(Body b)
    {
        var type = Scalars.Any(b.Random);
        return Places.Referable(b, type) is { } left && Places.Referable(b, type) is { } right ? new("swap", "($0, $1) = ($1, $0);", left, right) : null;
    }

    static Node? Atomic(Body b)
    {
        string[] operations = ["Add", "Min", "Max", "And", "Or", "Xor"];
        var found = b.Memory.Where(m => m.Totals is not null).ToList();
        if (found.Count == 0) return null;
        var memory = b.Pick(found);
        int k = b.Random.Next(operations.Length);
        var type = Enum.Parse<Scalar>(memory.Element, ignoreCase: true);
        int bits = k == 0 && !type.IsUnsigned() ? 9 : type.Bits();
        return new($"atomic-{operations[k].ToLowerInvariant()}", $"Atomic.{operations[k]}(ref {memory.Name}[{memory.Totals} + {k}], $0);", Expressions.Of(b, type, bits, 3));
    }
}
