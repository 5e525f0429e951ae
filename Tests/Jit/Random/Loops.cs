namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Loops that end: each has a bound besides its condition.</summary>
static class Loops
{
    const int MaxTrips = 216;

    public static Node? Any(Body b)
    {
        int trips = b.Pick([2, 3, 4, 6]);
        if (b.Trips * trips > MaxTrips) return null;
        return b.Random.Next(10) switch
        {
            0 or 1 => For(b, trips, "for-constant", $"int {{0}} = 0; {{0}} < {trips}; {{0}}++"),
            2 => For(b, trips, "for-variable", $"int {{0}} = 0; {{0}} < ($0 & {trips - 1}); {{0}}++"),
            3 => For(b, trips, "for-down", $"int {{0}} = {trips - 1}; {{0}} >= 0; {{0}}--"),
            4 => For(b, trips, "for-step", $"int {{0}} = 1; {{0}} < {1 << trips}; {{0}} *= 2"),
            5 => While(b, trips),
            6 => Do(b, trips),
            7 => Endless(b, trips),
            8 => Flagged(b, trips),
            _ => Backward(b, trips),
        };
    }

    /// <summary>Outer loops now and then give a way out that is taken from inside.</summary>
    static (Body Inner, string After) Enter(Body b, int trips)
    {
        if (!b.Chance(0.4)) return (b.Nested(trips, loop: true), "");
        string label = $"Out{b.Supply.Label()}";
        return (b.Nested(trips, loop: true, exit: () => new("goto-out", $"goto {label};")), $"\n{label}: ;");
    }

    static Node For(Body b, int trips, string kind, string head)
    {
        var bound = head.Contains('$') ? Expressions.Of(b, Scalar.Int, 2) : new Node("none", "");
        var (inner, after) = Enter(b, trips);
        string counter = inner.Names.New(b.Random);
        inner.Variables.Add(new(counter, Scalar.Int, 7));
        return new(kind, $"for ({string.Format(head, counter)})\n$1{after}", bound, Writing.Block(inner, 4));
    }

    static Node While(Body b, int trips)
    {
        string counter = b.Names.New(b.Random);
        b.Variables.Add(new(counter, Scalar.Int, 7));
        var (inner, after) = Enter(b, trips);
        return new("while", $"int {counter} = 0;\nwhile ({counter}++ < {trips} && $0)\n$1{after}", Expressions.Of(b, Scalar.Bool, 2), Writing.Block(inner, 4));
    }

    static Node Do(Body b, int trips)
    {
        string counter = b.Names.New(b.Random);
        b.Variables.Add(new(counter, Scalar.Int, 7));
        var (inner, after) = Enter(b, trips);
        return new("do-while", $"int {counter} = {trips};\ndo\n$1\nwhile (--{counter} > 0 && $0);{after}", Expressions.Of(b, Scalar.Bool, 2), Writing.Block(inner, 4));
    }

    /// <summary>Left from the middle only.</summary>
    static Node Endless(Body b, int trips)
    {
        string counter = b.Names.New(b.Random);
        b.Variables.Add(new(counter, Scalar.Int, 7));
        var (inner, after) = Enter(b, trips);
        Node first = Node.List(Writing.Statements(inner, 1)), condition = Expressions.Of(inner, Scalar.Bool, 2);
        return new("while-true", $"int {counter} = 0;\n{b.Pick(["while (true)", "for (;;)"])}\n{{\nif (++{counter} > {trips}) break;\n$0\nif ($1) break;\n$2\n}}{after}", first, condition, Node.List(Writing.Statements(inner, 2)));
    }

    /// <summary>Two loops that a flag ends together.</summary>
    static Node? Flagged(Body b, int trips)
    {
        if (b.Trips * trips * 3 > MaxTrips) return null;
        var outer = b.Nested(trips, loop: true);
        string flag = b.Names.New(b.Random), k = outer.Names.New(b.Random);
        outer.Variables.Add(new(k, Scalar.Int, 7));
        var inner = outer.Nested(3, loop: true);
        string j = inner.Names.New(b.Random);
        inner.Variables.Add(new(j, Scalar.Int, 7));
        return new("flag-exit", $"bool {flag} = false;\nfor (int {k} = 0; {k} < {trips} && !{flag}; {k}++)\n{{\nfor (int {j} = 0; {j} < 3; {j}++)\n{{\n$0\nif ($1)\n{{\n{flag} = true;\nbreak;\n}}\n}}\n$2\n}}",
            Node.List(Writing.Statements(inner, 2)), Expressions.Of(inner, Scalar.Bool, 2), Node.List(Writing.Statements(outer, 2)));
    }

    /// <summary>A label and a jump back.</summary>
    static Node Backward(Body b, int trips)
    {
        string counter = b.Names.New(b.Random), label = $"Again{b.Supply.Label()}";
        b.Variables.Add(new(counter, Scalar.Int, 7));
        var inner = b.Nested(trips);
        return new("goto-back", $"int {counter} = {trips};\n{label}:\n$0\nif (--{counter} > 0 && $1) goto {label};", Writing.Block(inner), Expressions.Of(b, Scalar.Bool, 2));
    }
}
