namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Makes the helper functions of a kernel.</summary>
static class Functions
{
    static readonly Scalar[] s_elements = [Scalar.Int, Scalar.UInt, Scalar.Float, Scalar.ULong];

    /// <summary>A static function; it may call those already known.</summary>
    public static (Helper Helper, Node Code) Make(Supply supply, IReadOnlyList<Helper> known, IReadOnlyList<StructType> types)
    {
        var random = supply.Random;
        var result = Scalars.Any(random);
        var parameters = new List<Parameter> { new(Passing.Value, Scalar.Int) };
        if (random.Next(2) == 0) parameters.Add(new(Passing.Value, Scalars.Any(random)));
        bool writes = false;
        switch (random.Next(7))
        {
            case 0: parameters.Insert(random.Next(2), new(Passing.Ref, Scalars.Any(random))); break;
            case 1: parameters.AddRange([new(Passing.Ref, Scalar.UInt), new(Passing.Ref, Scalar.UInt)]); break;
            case 2: parameters.Insert(random.Next(2), new(Passing.Out, Scalars.Any(random))); break;
            case 3: parameters.Insert(random.Next(2), new(random.Next(2) == 0 ? Passing.In : Passing.Value, Scalar.Int, types[random.Next(types.Count)].Name)); break;
            case 4 or 5:
                parameters.Insert(random.Next(2), new(Passing.View, Scalar.Int, s_elements[random.Next(s_elements.Length)].Word()));
                writes = random.Next(2) == 0;
                break;
        }
        bool generic = random.Next(6) == 0;
        string name = $"Helper{supply.Function()}";
        var body = new Body(supply, new Names(null)) { Return = b => new("return-value", "return $0;", Expressions.Of(b, result, 1)) }.Nested(trips: 12);
        body.Helpers.AddRange(known);
        body.Types.AddRange(types);
        var first = new List<Node>();
        string words = string.Join(", ", parameters.Select(p => Declare(body, p, writes, first)));
        if (generic)
        {
            body.Variables.Add(new("F.Salt", Scalar.UInt, 31) { Captured = false });
            body.Helpers.Add(new("F.Apply", Scalar.Float, [new(Passing.Value, Scalar.Float)]));
        }
        first.AddRange(Writing.Statements(body, random.Next(2, 6)));
        var code = new Node(generic ? "helper-generic" : "helper",
            $"static {result.Word()} {name}{(generic ? "<F>" : "")}({words}){(generic ? " where F : struct, IFunction" : "")}\n{{\nunchecked\n{{\n$0\nreturn $1;\n}}\n}}",
            Node.List(first), Expressions.Of(body, result, 2));
        return (new(generic ? $"{name}<{(random.Next(2) == 0 ? "Squared" : "Shifted")}>" : name, result, [.. parameters], writes), code);
    }

    static string Declare(Body body, Parameter parameter, bool writes, List<Node> first)
    {
        string name = body.Names.New(body.Random), type = parameter.Type.Word();
        switch (parameter.Passing)
        {
            case Passing.View:
                string index = $"$0 & ({name}.IntLength - 1)";
                body.Memory.Add(new(name, parameter.Element!, "parameter", index) { Writes = writes ? [index] : [], Whole = true });
                return $"ArrayView<{parameter.Element}> {name}";
            case Passing.Value or Passing.In when parameter.Element is not null:
                var known = body.Types.First(t => t.Name == parameter.Element);
                bool copy = parameter.Passing == Passing.Value;
                if (copy) body.Structs.Add(new(name, known));
                body.Variables.AddRange(known.Fields.Select(f => new Variable($"{name}.{f.Path}", f.Type, f.Type.Bits()) { Assignable = copy, Captured = copy }));
                return $"{(copy ? "" : "in ")}{parameter.Element} {name}";
            default:
                body.Variables.Add(new(name, parameter.Type, parameter.Type.Bits()) { Assignable = true, Captured = parameter.Passing == Passing.Value });
                if (parameter.Passing == Passing.Out) first.Add(new("assign", $"{name} = $0;", Leaves.Literal(body, parameter.Type, parameter.Type.Bits())) { Pinned = true });
                return $"{(parameter.Passing == Passing.Value ? "" : parameter.Passing.ToString().ToLowerInvariant() + " ")}{type} {name}";
        }
    }

    /// <summary>A function inside the one being written, which uses its variables; null where it would have none.</summary>
    public static Node? Local(Body b)
    {
        if (b.Variables.All(v => !v.Captured)) return null;
        var result = Scalars.Any(b.Random);
        string name = $"Local{b.Supply.Function()}", parameter = $"given{b.Supply.Function()}";
        var body = b.Local();
        body.Variables.Add(new(parameter, Scalar.Int, 31) { Assignable = true });
        body.Return = inner => new("return-value", "return $0;", Expressions.Of(inner, result, 1));
        var code = new Node("local-function", $"{result.Word()} {name}(int {parameter})\n{{\n$0\nreturn $1;\n}}",
            Node.List(Writing.Statements(body, b.Random.Next(1, 4))), Expressions.Of(body, result, 2));
        b.Helpers.Add(new(name, result, [new(Passing.Value, Scalar.Int)]));
        return code;
    }
}
