namespace IlgpuXai.Tests.RandomKernels;

/// <summary>An array in shared memory of which every thread owns the same number of elements.</summary>
sealed record Tile(string Name, string Element, int Threads, int PerThread)
{
    string Own => PerThread == 1 ? "lt" : $"lt * {PerThread} + ($0 & {PerThread - 1})";

    /// <summary>As a phase sees it in which each thread keeps to its own elements.</summary>
    public Storage Written => new(Name, Element, "shared", Own) { Writes = [Own], Own = ($"lt * {PerThread}", PerThread) };

    /// <summary>As a phase sees it in which nobody writes.</summary>
    public Storage Read => new(Name, Element, "shared", $"(int)((uint)($0) % {Threads * PerThread}u)", "lt") { Whole = int.IsPow2(Threads * PerThread) };
}

/// <summary>The statements of a kernel with barriers: phases in which a tile is either written, by the owners of its elements, or read.</summary>
sealed class Phases(Body body, int threads)
{
    static readonly Node s_barrier = new("barrier", "Group.Barrier();") { Host = "yield return 0;", Pinned = true };
    readonly List<Tile> _tiles = [];

    public List<Node> Make(Func<Body, Node> leave)
    {
        var made = new List<Node>();
        for (int k = body.Random.Next(1, 4); k > 0; k--) made.Add(Allocate());
        made.Add(s_barrier);
        for (int k = body.Random.Next(1, 4); k > 0; k--)
            made.AddRange(body.Random.Next(7) switch
            {
                0 => [Loop()],
                1 => [EndlessLoop()],
                2 => [Branch()],
                3 => [Exchange()],
                _ => (Node[])[.. Phase(body), s_barrier],
            });
        made.AddRange(Phase(body, leave));
        return made;
    }

    Node Allocate()
    {
        bool ofStructs = body.Chance(0.2);
        string element = ofStructs ? body.Pick(body.Types).Name : body.Pick([Scalar.Int, Scalar.UInt, Scalar.Float, Scalar.ULong, Scalar.Byte]).Word();
        var tile = new Tile(body.Names.New(body.Random), element, threads, body.Pick([1, 1, 2, 4]));
        Node First() => ofStructs ? Structs.Value(body, body.Types.First(t => t.Name == element)) : Expressions.Of(body, Enum.Parse<Scalar>(element, ignoreCase: true), 2);
        var parts = Enumerable.Range(0, tile.PerThread).Select(_ => First()).ToArray();
        string writes = string.Concat(parts.Select((_, k) => $"\n{tile.Name}[lt * {tile.PerThread} + {k}] = ${k};"));
        _tiles.Add(tile);
        return new("shared-memory", $"var {tile.Name} = SharedMemory.{(body.Chance(0.3) ? "Allocate1D" : "Allocate")}<{element}>({threads * tile.PerThread});{writes}", parts) { Pinned = true };
    }

    List<Node> Phase(Body b, Func<Body, Node>? leave = null)
    {
        var phase = b.Phase(_tiles.Select(t => b.Chance(0.6) ? t.Read : t.Written), leave);
        var made = Writing.Statements(phase, b.Random.Next(2, 5));
        // Local memory lives on behind the barrier.
        b.Memory.AddRange(phase.Memory.Where(m => m.Space == "local" && !b.Memory.Contains(m)));
        return made;
    }

    /// <summary>The same number in every thread of a group, at most 3.</summary>
    string Uniform() => body.Pick(["(n & 1) + 1", "2", "(p.Count & 3)", "1 + (Grid.IdxX & 1)", "(q & 3)"]);

    static Node Block(params IEnumerable<Node>[] parts) => Node.List(parts.SelectMany(p => p));

    Node Loop()
    {
        var inner = body.Nested(3);
        string k = inner.Names.New(body.Random);
        inner.Variables.Add(new(k, Scalar.Int, 7));
        return new("barrier-in-loop", $"for (int {k} = 0; {k} < {Uniform()}; {k}++)\n{{\n$0\n}}", Block(Phase(inner), [s_barrier], Phase(inner), [s_barrier])) { Pinned = true };
    }

    Node EndlessLoop()
    {
        string k = body.Names.New(body.Random);
        body.Variables.Add(new(k, Scalar.Int, 7));
        var inner = body.Nested(3);
        return new("barrier-in-while-true", $"int {k} = 0;\nwhile (true)\n{{\n$0\nif (++{k} > {Uniform()}) break;\n$1\n}}",
            Block(Phase(inner), [s_barrier]), Block(Phase(inner), [s_barrier])) { Pinned = true };
    }

    Node Branch()
    {
        var inner = body.Nested();
        return new("barrier-in-if", $"if ({Uniform()} > 1)\n{{\n$0\n}}", Block(Phase(inner), [s_barrier])) { Pinned = true };
    }

    /// <summary>A helper with barriers; on the host it is one more iterator.</summary>
    Node Exchange()
    {
        var tile = body.Pick(_tiles);
        if (!Enum.TryParse<Scalar>(tile.Element, ignoreCase: true, out var type)) return s_barrier;
        string call = $"Shared.Turn<{tile.Element}>({tile.Name}, lt * {tile.PerThread}, $0);";
        return new("barrier-in-helper", call, Expressions.Of(body, type, 2)) { Host = $"foreach (int stop in {call[..^1]}) yield return stop;", Pinned = true };
    }
}
