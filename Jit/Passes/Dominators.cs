using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Reverse postorder, dominator tree and natural loops of a function's blocks.</summary>
/// <remarks>Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", 2001.</remarks>
sealed class Dominators
{
    readonly List<Block> _order = [];

    public Dominators(Function f)
    {
        Visit(f.Blocks[0], []);
        _order.Reverse();
        for (int k = 0; k < _order.Count; k++) (_order[k].Order, _order[k].Dominator) = (k, null);
        _order[0].Dominator = _order[0];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (var b in _order.Skip(1))
            {
                var d = b.Predecessors.Where(p => p.Dominator is not null).Aggregate((Block?)null, (d, p) => d is null ? p : Common(d, p));
                if (b.Dominator == d) continue;
                b.Dominator = d;
                changed = true;
            }
        }
        foreach (var b in _order) Children[b] = [];
        foreach (var b in _order.Skip(1)) Children[b.Dominator!].Add(b);
        foreach (var b in _order)
            foreach (var head in b.Successors.Where(n => n.Order <= b.Order)) AddLoop(f, head, b);
    }

    public IReadOnlyList<Block> Order => _order;

    /// <summary>The blocks that each block dominates at once, in order.</summary>
    public Dictionary<Block, List<Block>> Children { get; } = [];

    /// <summary>By its head, the blocks of each loop.</summary>
    public Dictionary<Block, HashSet<Block>> Loops { get; } = [];

    public static bool Dominates(Block a, Block b)
    {
        while (b.Order > a.Order) b = b.Dominator!;
        return a == b;
    }

    void Visit(Block b, HashSet<Block> seen)
    {
        if (!seen.Add(b)) return;
        foreach (var next in b.Successors) Visit(next, seen);
        _order.Add(b);
    }

    static Block Common(Block a, Block b)
    {
        while (a != b)
            if (a.Order > b.Order) a = a.Dominator!; else b = b.Dominator!;
        return a;
    }

    void AddLoop(Function f, Block head, Block from)
    {
        if (!Dominates(head, from)) throw new RefusedKernelException(f.Method, 0, "a loop with two entries (a goto into a loop)");
        if (!Loops.TryGetValue(head, out var loop)) Loops[head] = loop = [head];
        var work = new Stack<Block>([from]);
        while (work.TryPop(out var b))
            if (loop.Add(b)) foreach (var p in b.Predecessors) work.Push(p);
    }
}
