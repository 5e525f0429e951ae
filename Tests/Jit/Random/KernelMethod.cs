namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Makes the kernel method itself, with the parameters that all random kernels have.</summary>
static class KernelMethod
{
    static string Parameters(Scalar small) =>
        "ArrayView1D<int, Stride1D.Dense> ints, ArrayView<uint> uints, ArrayView<long> longs, ArrayView<ulong> ulongs, ArrayView1D<float, Stride1D.Dense> floats, ArrayView<" + small.Word() + "> smalls, ArrayView<Pair> pairs, int n, Params p, SpecializedValue<int> q";

    static readonly (string Path, Scalar Type)[] s_params =
    [
        ("n", Scalar.Int), ("p.Count", Scalar.Int), ("p.Flag", Scalar.Bool), ("p.Big", Scalar.Long), ("p.Tiny", Scalar.Byte), ("p.Scale", Scalar.Float), ("p.Inner.S", Scalar.Short), ("p.Inner.Flag", Scalar.Bool), ("p.Mask", Scalar.ULong),
    ];

    /// <param name="tileThreads">Threads of a group if there are barriers.</param>
    public static Node Make(Supply supply, IEnumerable<Helper> helpers, IEnumerable<StructType> types, Scalar small, bool auto, int? tileThreads, bool flat)
    {
        bool barriers = tileThreads is not null;
        static Node Leave(Body _, string? host) => new("return", "return;") { Host = host };
        Node Out(Body b) => Leave(b, barriers ? "yield break;" : null);
        var body = new Body(supply, new Names(null)) { Return = barriers ? null : Out, Grouped = !auto, Note = "ulongs[own] = ulongs[own] * 31ul + (ulong)$0;" };
        foreach (string name in (string[])["ints", "uints", "longs", "ulongs", "floats", "smalls", "pairs", "n", "p", "q", "i", "lt", "t", "own", "stop"]) body.Names.Take(name);
        body.Helpers.AddRange(helpers);
        body.Types.AddRange(types);
        body.Variables.AddRange(s_params.Select(v => new Variable(v.Path, v.Type, v.Type.Bits())));
        body.Variables.AddRange([new("t", Scalar.Int, 9), new("own", Scalar.Int, 12)]);
        if (supply.Random.Next(2) == 0) body.Variables.Add(new("q.Value", Scalar.Int, 31));
        body.Memory.AddRange(Views(supply.Random, small));

        string lane = flat ? "Group.IdxX" : supply.Random.Next(2) == 0 ? "Group.LinearIndex" : "Group.IdxY * Group.DimX + Group.IdxX";
        string thread = supply.Random.Next(2) == 0 ? "Grid.LinearIndex * Group.DimX * Group.DimY + lt" : "Grid.GlobalLinearIndex";
        string place = auto ? "int t = i;" : $"int lt = {lane};\nint t = {thread};";
        if (!auto) body.Variables.Add(new("lt", Scalar.Int, 6));
        List<Node> statements = [new("place", $"{place}\nint own = 64 + t * 8;") { Pinned = true }];
        if (auto && supply.Random.Next(2) == 0) statements.Add(new("early-out", "if ((t + n & 7) == 5) return;"));
        statements.AddRange(Writing.Statements(body, supply.Random.Next(2, 5)));
        if (tileThreads is int threads) statements.AddRange(new Phases(body, threads).Make(Out));
        statements.AddRange(Writing.Statements(body, supply.Random.Next(2, 5)));
        statements.AddRange(body.Variables.Where(v => v.Assignable).Select(v => Writing.Note(body, v)));
        string parameters = (auto ? "Index1D i, " : "") + Parameters(small);
        string shape = $"Kernel({parameters})\n{{\nunchecked\n{{\n$0\n}}\n}}";
        return new("kernel" + (auto ? "-auto" : barriers ? "-with-barriers" : flat ? "-1d" : "-2d"), "public static void " + shape, Node.List(statements))
        {
            Host = barriers ? "public static IEnumerable<int> " + shape : null,
            Pinned = true,
        };
    }

    static IEnumerable<Storage> Views(Random random, Scalar small)
    {
        foreach (var (name, element) in new[] { ("ints", "int"), ("uints", "uint"), ("longs", "long"), ("ulongs", "ulong"), ("floats", "float"), ("smalls", small.Word()), ("pairs", "Pair") })
        {
            // Some kernels only read some of their views.
            bool writes = name == "ulongs" || random.Next(4) > 0;
            yield return new(name, element, "global", "$0 & 63", "own + ($0 & 7)")
            {
                Writes = writes ? ["own + ($0 & 3)"] : [],
                Counters = writes && name == "ints" ? ["own + 4 + ($0 & 3)"] : [],
                Own = writes ? ("own", 4) : null,
                Totals = writes && name is "ints" or "uints" or "longs" or "ulongs" ? $"{name}.IntLength - 8" : null,
            };
        }
    }
}
