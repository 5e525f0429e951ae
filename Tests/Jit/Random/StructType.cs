namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A local variable of a struct type; its fields are in scope as variables of their own.</summary>
sealed record StructVariable(string Name, StructType Type);

/// <summary>A struct that kernels use: one of the fixed ones, or one made for a kernel.</summary>
/// <remarks>All have a constructor of <paramref name="Fields"/>[..<paramref name="Given"/>], <c>int Step(int)</c> that changes <c>this</c>, <c>uint Peek(uint)</c>, a property <c>uint Code</c> and an operator +.</remarks>
sealed record StructType(string Name, (string Path, Scalar Type)[] Fields, int Given)
{
    /// <summary>The one that views hold.</summary>
    public static readonly StructType Pair = new("Pair",
        [("X", Scalar.Float), ("N", Scalar.Int), ("U", Scalar.UInt), ("In.S", Scalar.Short), ("In.B", Scalar.Byte), ("In.Flag", Scalar.Bool)], 3);

    public static IEnumerable<(string Path, Scalar Type)> Of(Body b, string element) => b.Types.FirstOrDefault(t => t.Name == element)?.Fields ?? [];

    /// <summary>A struct type with random members, and its code.</summary>
    public static (StructType Type, Node Code) Make(Supply supply, string name, IEnumerable<StructType> known)
    {
        var random = supply.Random;
        var fields = Enumerable.Range(0, random.Next(2, 5)).Select(k => ($"F{k}", k == 0 ? Scalar.Int : Scalars.Any(random))).ToArray();
        var type = new StructType(name, fields, fields.Length);
        Body New(bool writes, params (string Name, Scalar Type)[] parameters)
        {
            var body = new Body(supply, new Names(null));
            body.Types.AddRange(known);
            foreach (var (field, scalar) in fields) body.Variables.Add(new(body.Names.Take(field), scalar, scalar.Bits()) { Assignable = writes, Captured = false });
            foreach (var (parameter, scalar) in parameters) body.Variables.Add(new(body.Names.Take(parameter), scalar, scalar.Bits()));
            return body;
        }
        Node Statements(Body body) => Node.List(Enumerable.Range(0, 2).Select(_ => Writing.Statement(body)).OfType<Node>());
        var step = New(true, ("x", Scalar.Int));
        var peek = New(false, ("bits", Scalar.UInt));
        var set = New(true, ("value", Scalar.UInt));
        string given = string.Join(", ", fields.Select(f => $"{f.Item2.Word()} {f.Item1.ToLowerInvariant()}"));
        string sum = string.Join(", ", fields.Select(f => f.Item2 is Scalar.Int or Scalar.Long or Scalar.Bool ? $"a.{f.Item1} ^ b.{f.Item1}" : $"({f.Item2.Word()})(a.{f.Item1} + b.{f.Item1})"));
        var code = new Node("struct",
            $$"""
            public struct {{name}}
            {
            {{string.Join('\n', fields.Select(f => $"public {f.Item2.Word()} {f.Item1};"))}}
            public uint Label { get; private set; }
            public {{name}}({{given}})
            {
            {{string.Join('\n', fields.Select(f => $"{f.Item1} = {f.Item1.ToLowerInvariant()};"))}}
            Label = (uint)f0;
            }
            public int Step(int x)
            {
            unchecked
            {
            $0
            Label++;
            return $1;
            }
            }
            public readonly uint Peek(uint bits) => unchecked($2 + Label);
            public uint Code
            {
            get => unchecked((uint)F0 * 7u + Label);
            set
            {
            unchecked
            {
            $3
            F0 ^= (int)value;
            }
            }
            }
            public static {{name}} operator +({{name}} a, {{name}} b) => new(unchecked({{sum.Replace(", ", "), unchecked(")}}));
            }
            """, Statements(step), Expressions.Of(step, Scalar.Int, 2), Expressions.Of(peek, Scalar.UInt, 2), Statements(set));
        return (type, code);
    }
}
