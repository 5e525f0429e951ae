namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Statements that bring a name into scope.</summary>
static class Declarations
{
    public static Node Any(Body b) => b.Pick(
        (8, () => Variable(b, Scalars.Any(b.Random))),
        (3, () => Counter(b)),
        (2, () => Struct(b)),
        (2, () => Late(b)),
        (3, () => b.Level <= 2 && !b.InLoop ? LocalMemory(b) : null),
        (2, () => SubView(b)),
        (2, () => b.Level <= 3 ? Functions.Local(b) : null),
        (2, () => Reference(b)),
        (1, () => OutVariable(b)));

    public static Node Variable(Body b, Scalar type)
    {
        var value = Expressions.Of(b, type, 3);
        string name = b.Names.New(b.Random);
        b.Variables.Add(new(name, type, type.Bits()) { Assignable = true });
        return new($"{type.Word()}-variable", $"{type.Word()} {name} = $0;", value);
    }

    /// <summary>An int that is counted up and down by small steps.</summary>
    static Node Counter(Body b)
    {
        var value = Expressions.Of(b, Scalar.Int, 10, 2);
        string name = b.Names.New(b.Random);
        b.Variables.Add(new(name, Scalar.Int, 26) { Assignable = true, Counts = true });
        return new("counter", $"int {name} = $0;", value);
    }

    /// <summary>First assigned on two ways.</summary>
    static Node Late(Body b)
    {
        var type = Scalars.Any(b.Random);
        Node[] parts = [Expressions.Of(b, Scalar.Bool, 2), Expressions.Of(b, type, 2), Expressions.Of(b, type, 2)];
        string name = b.Names.New(b.Random);
        b.Variables.Add(new(name, type, type.Bits()) { Assignable = true });
        return new("assigned-on-two-ways", $"{type.Word()} {name};\nif ($0) {name} = $1;\nelse {name} = $2;", parts);
    }

    static Node? OutVariable(Body b)
    {
        var found = b.Helpers.Where(h => h.Parameters.Length == 2 && h.Parameters.Any(p => p.Passing == Passing.Out)).ToList();
        if (found.Count == 0 || b.Trips > 20) return null;
        var helper = b.Pick(found);
        bool first = helper.Parameters[0].Passing == Passing.Out;
        var value = Expressions.Of(b, Scalar.Int, 2);
        string name = b.Names.New(b.Random), result = b.Names.New(b.Random);
        var type = helper.Parameters[first ? 0 : 1].Type;
        b.Variables.Add(new(name, type, type.Bits()) { Assignable = true });
        b.Variables.Add(new(result, helper.Result, helper.Result.Bits()) { Assignable = true });
        return new("out-variable", $"{helper.Result.Word()} {result} = {helper.Name}({(first ? $"out {type.Word()} {name}, $0" : $"$0, out {type.Word()} {name}")});", value);
    }

    static Node? Struct(Body b)
    {
        if (b.Types.Count == 0) return null;
        var type = b.Pick(b.Types);
        var value = Structs.Value(b, type);
        string name = b.Names.New(b.Random);
        b.Structs.Add(new(name, type));
        b.Variables.AddRange(type.Fields.Select(f => new Variable($"{name}.{f.Path}", f.Type, f.Type.Bits()) { Assignable = true }));
        return new("struct-variable", $"{type.Name} {name} = $0;", value);
    }

    static Node LocalMemory(Body b)
    {
        bool ofStructs = b.Types.Count > 0 && b.Chance(0.25);
        string element = ofStructs ? b.Pick(b.Types).Name : b.Pick([Scalar.Int, Scalar.UInt, Scalar.Float, Scalar.ULong, Scalar.Short, Scalar.Byte]).Word();
        int length = b.Pick([2, 4, 8]);
        string name = b.Names.New(b.Random), index = b.Names.New(b.Random), at = $"$0 & {length - 1}";
        var value = ofStructs ? Structs.Value(b, b.Types.First(t => t.Name == element)) : Expressions.Of(b, Enum.Parse<Scalar>(element, ignoreCase: true), 2);
        b.Memory.Add(new(name, element, "local", at) { Writes = [at], Whole = true });
        return new(ofStructs ? "local-structs" : "local-memory",
            $"var {name} = LocalMemory.{(b.Chance(0.3) ? "Allocate1D" : "Allocate")}<{element}>({length});\nfor (int {index} = 0; {index} < {length}; {index}++) {name}[{index}] = $0;", value) { Pinned = true };
    }

    static Node? SubView(Body b)
    {
        var owners = b.Memory.Where(m => m.Own is not null && m.Writes.Length > 0).ToList();
        if (owners.Count == 0) return null;
        var owner = b.Pick(owners);
        var (start, length) = owner.Own!.Value;
        string name = b.Names.New(b.Random), at = $"$0 & {length - 1}";
        b.Memory.Add(new(name, owner.Element, "sub-view", at) { Writes = [at], Whole = true });
        return new("sub-view", $"var {name} = {owner.Name}.SubView({start}, {length});");
    }

    /// <summary>A reference to an element or variable, in a block of its own.</summary>
    static Node? Reference(Body b)
    {
        var type = Scalars.Any(b.Random);
        if (b.Level > 4 || Places.Referable(b, type) is not { } place) return null;
        var inner = b.Nested();
        string name = inner.Names.New(b.Random);
        inner.Variables.Add(new(name, type, type.Bits()) { Assignable = true, Captured = false });
        var body = Node.List([.. Writing.Statements(inner, 2), Assignments.To(inner, inner.Variables[^1])]);
        // Both from the same place: a device cannot choose between kinds of memory.
        return b.Chance(0.3) && place.Kind == "global-element" && place.Parts.Length > 0
            ? new("ref-conditional", $"{{\nref {type.Word()} {name} = ref ($0 ? ref $1 : ref $2);\n$3\n}}", Expressions.Of(b, Scalar.Bool, 2), place, place with { Parts = [Leaves.Of(b, Scalar.Int, 31)] }, body)
            : new("ref-local", $"{{\nref {type.Word()} {name} = ref $0;\n$1\n}}", place, body);
    }
}
