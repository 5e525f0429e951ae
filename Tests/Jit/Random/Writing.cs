namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Statements.</summary>
static class Writing
{
    public static List<Node> Statements(Body b, int count)
    {
        var made = new List<Node>();
        for (int k = 0; k < count; k++)
            if (Statement(b) is { } statement) made.Add(statement);
        return made;
    }

    /// <summary>A block of statements in a scope of its own, in braces.</summary>
    public static Node Block(Body inner, int most = 3)
    {
        var made = Statements(inner, inner.Random.Next(1, most + 1));
        if (inner.Chance(0.5) && Note(inner) is { } note) made.Add(note);
        return new("block", "{\n$0\n}", Node.List(made));
    }

    /// <summary>Null if the kernel is long enough.</summary>
    public static Node? Statement(Body b)
    {
        if (b.Supply.Budget <= 0) return b.Chance(0.7) ? null : Assignments.Any(b);
        b.Supply.Budget--;
        bool deep = b.Level > 4;
        return b.Pick(
            (5, () => Declarations.Any(b)),
            (6, () => Assignments.Any(b)),
            (3, () => deep ? null : If(b)),
            (4, () => deep ? null : Loops.Any(b)),
            (2, () => deep ? null : Switches.Any(b)),
            (1, () => deep ? null : new Node("scope", "$0", Block(b.Nested()))),
            (2, () => Leave(b)),
            (1, () => Note(b)));
    }

    static Node If(Body b)
    {
        Node Condition() => Expressions.Of(b, Scalar.Bool, 2);
        return b.Random.Next(4) switch
        {
            0 => new("if", "if ($0)\n$1", Condition(), Block(b.Nested())),
            1 => new("if-else", "if ($0)\n$1\nelse\n$2", Condition(), Block(b.Nested()), Block(b.Nested())),
            2 => new("if-chain", "if ($0)\n$1\nelse if ($2)\n$3\nelse\n$4", Condition(), Block(b.Nested(), 2), Condition(), Block(b.Nested(), 2), Block(b.Nested(), 2)),
            _ => new("if-nested", "if ($0)\n{\nif ($1)\n$2\n}\nelse\n$3", Condition(), Condition(), Block(b.Nested(), 2), Block(b.Nested(), 2)),
        };
    }

    /// <summary>A jump under a condition.</summary>
    static Node? Leave(Body b)
    {
        Node? jump = b.Random.Next(5) switch
        {
            0 when b.InLoop && !b.InSwitch => new("break", "break;"),
            1 when b.InLoop => new(b.InSwitch ? "continue-in-switch" : "continue", "continue;"),
            2 when b.Return is { } leave => leave(b),
            3 when b.Exits.Count > 0 => b.Pick(b.Exits)(),
            4 when b.InLoop && b.Return is { } leave => leave(b) with { Kind = "return-in-loop" },
            _ => null,
        };
        if (jump is null) return null;
        return b.Chance(0.3) && Note(b) is { } note
            ? new("jump-after", "if ($0)\n{\n$1\n$2\n}", Expressions.Of(b, Scalar.Bool, 2), note, jump)
            : new("jump-if", "if ($0) $1", Expressions.Of(b, Scalar.Bool, 2), jump);
    }

    /// <summary>A statement that makes a variable's value part of a result; null where there is no way to.</summary>
    public static Node? Note(Body b) => b.Note is null || b.Variables.Count == 0 ? null : Note(b, b.Variables[^(1 + b.Random.Next(Math.Min(4, b.Variables.Count)))]);

    public static Node Note(Body b, Variable v) => new("note", b.Note!, new Node("variable", v.Type switch
    {
        Scalar.Bool => $"({v.Name} ? 3ul : 5ul)",
        Scalar.Float => $"(float.IsNaN({v.Name}) ? 7u : Interop.FloatAsInt({v.Name}))",
        Scalar.Int or Scalar.Long or Scalar.SByte or Scalar.Short => $"(ulong){v.Name}",
        _ => v.Name,
    }));
}
