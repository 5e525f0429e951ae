namespace IlgpuXai.Jit;

/// <summary>Blocks → if, loop and switch; break and continue where they lead far enough, goto where not.</summary>
/// <remarks>
/// Follows the dominator tree: what a block dominates is written behind it, and a block where paths meet behind the block that dominates all of
/// them (Ramsey, "Beyond Relooper", ICFP 2022). The exit of a loop lies under its head in that tree; it is written behind the loop.
/// </remarks>
sealed class Structure
{
    /// <summary>Where break and continue lead; in a switch break leaves the switch.</summary>
    sealed record Context(Block? Break, Block? Continue);

    readonly Function _f;
    readonly Dominators _dominators;
    readonly HashSet<Block> _placed = [], _hoisted = [], _steps = [];
    readonly HashSet<(Block, bool)> _targets = [];

    Structure(Function f) => (_f, _dominators) = (f, new(f));

    public static void Run(Function f)
    {
        var structure = new Structure(f);
        f.Body = structure.Tree(f.Blocks[0], new(null, null), null);
        structure.DropLabels(f.Body);
        LoopForms.Run(f.Body);
    }

    Dictionary<Block, List<Block>> Children => _dominators.Children;

    /// <summary>A block and all that it dominates; control then goes on to <paramref name="next"/>, or leaves the function if that is null.</summary>
    List<Stmt> Tree(Block x, Context context, Block? next)
    {
        _placed.Add(x);
        List<Stmt> list = [new Label(x, false)];
        if (_dominators.Loops.TryGetValue(x, out var loop)) AddLoop(x, loop, context, next, list);
        else AddContents(x, context, next, list, Children[x]);
        return list;
    }

    void AddLoop(Block head, HashSet<Block> loop, Context context, Block? next, List<Stmt> list)
    {
        var behind = Children[head].Where(c => !loop.Contains(c)).ToList();
        if (behind.Count == 0 && !loop.Any(b => b.Successors.Contains(next)) && MiddleExit(head, loop) is { } exit)
        {
            behind.Add(exit);
            Children[exit.Dominator!].Remove(exit);
        }
        behind = [.. behind.OrderBy(b => b.Order)];
        _hoisted.UnionWith(behind);
        var step = StepOf(head);
        if (step is not null)
        {
            _steps.Add(step);
            _placed.Add(step);
            Children[step.Dominator!].Remove(step);
        }
        var body = new List<Stmt>();
        AddContents(head, new(behind.FirstOrDefault() ?? next, step ?? head), step ?? head, body, [.. Children[head].Where(loop.Contains)]);
        body.Add(new Label(step ?? head, true));
        list.Add(new Loop(body) { Step = (Assign?)step?.Body[0] });
        AddTrees(behind, context, next, list);
    }

    /// <summary>A loop that is left in its middle only: the exit with most behind it, so that the rest of the function does not end up inside the loop.</summary>
    Block? MiddleExit(Block head, HashSet<Block> loop) =>
        _dominators.Order.Where(b => !loop.Contains(b) && !_placed.Contains(b) && !_hoisted.Contains(b) && loop.Contains(b.Dominator!) && b.Dominator != head && Dominators.Dominates(head, b))
            .OrderByDescending(e => e is { Exit: Leave, Body.Count: 0 } ? 0 : _dominators.Order.Count(b => Dominators.Dominates(e, b))).ThenByDescending(e => e.Order).FirstOrDefault();

    /// <summary>The block of one assignment that all turns of the loop end with: the step of a for loop.</summary>
    Block? StepOf(Block head)
    {
        var backs = head.Predecessors.Where(p => p.Order >= head.Order).ToList();
        return backs is [{ Body: [Assign { Place: Read }], Exit: Jump, Predecessors.Count: > 1 } step] && step != head && Children[step].Count == 0 ? step : null;
    }

    void AddTrees(List<Block> blocks, Context context, Block? next, List<Stmt> list)
    {
        for (int i = 0; i < blocks.Count; i++) list.AddRange(Tree(blocks[i], context, i + 1 < blocks.Count ? blocks[i + 1] : next));
    }

    bool IsMerge(Block b) => _hoisted.Contains(b) || b.Predecessors.Count(p => p.Order < b.Order) > 1;

    void AddContents(Block x, Context context, Block? next, List<Stmt> list, List<Block> children)
    {
        var merges = children.Where(c => IsMerge(c) && !_placed.Contains(c)).OrderBy(c => c.Order).ToList();
        list.AddRange(x.Body);
        var follow = merges.FirstOrDefault() ?? next;
        switch (x.Exit)
        {
            case Leave { Value: null } when next is null && context is { Break: null, Continue: null } && merges.Count == 0: break;
            case Leave l: list.Add(new Return(l.Value)); break;
            case Jump j: list.AddRange(Edge(x, j.To, context, follow)); break;
            case Branch b: AddBranch(x, b, context, follow, list); break;
            case Switch s: list.Add(Arms(x, s, context, follow)); break;
        }
        AddTrees(merges, context, next, list);
    }

    void AddBranch(Block x, Branch b, Context context, Block? follow, List<Stmt> list)
    {
        List<Stmt> then = Edge(x, b.Then, context, follow), otherwise = Edge(x, b.Else, context, follow);
        if (IsEmpty(then)) list.Add(new If(Arithmetic.Not(b.Condition), otherwise, []));
        else if (Leaves(then) && !Leaves(otherwise))
        {
            list.Add(new If(b.Condition, then, []));
            list.AddRange(otherwise);
        }
        else if (Leaves(otherwise) && Size(otherwise) <= Size(then))
        {
            list.Add(new If(Arithmetic.Not(b.Condition), otherwise, []));
            list.AddRange(then);
        }
        else list.Add(new If(b.Condition, then, otherwise));
    }

    Choose Arms(Block x, Switch s, Context context, Block? follow)
    {
        var arms = new List<(List<int?>, List<Stmt>)>();
        foreach (var to in s.To.Append(s.Else).Distinct())
        {
            List<int?> cases = to == s.Else ? [null] : [.. s.To.Select((t, i) => (t, i)).Where(p => p.t == to).Select(p => (int?)p.i)];
            if (to == s.Else && to == follow) continue;
            var body = Edge(x, to, context with { Break = follow }, follow);
            if (!Leaves(body)) body.Add(new Break());
            arms.Add((cases, body));
        }
        return new(s.Value, arms);
    }

    static bool IsEmpty(List<Stmt> list) => list.All(s => s is Label);

    static bool Leaves(List<Stmt> list) => list.Count > 0 && list[^1] is Break or Continue or Goto or Return;

    static int Size(List<Stmt> list) => Statements.All(list).Count();

    /// <summary>How control gets from a block to another: nothing where it falls through.</summary>
    List<Stmt> Edge(Block from, Block to, Context context, Block? next)
    {
        if (to == next) return [];
        if (to.Order > from.Order && !IsMerge(to) && !_placed.Contains(to)) return Tree(to, context, next);
        if (to == context.Break) return [new Break()];
        if (to == context.Continue) return [new Continue()];
        if (to is { Exit: Leave l, Body.Count: 0 }) return [new Return(l.Value)];
        bool nextTurn = to.Order <= from.Order || _steps.Contains(to);
        _targets.Add((to, nextTurn));
        return [new Goto(to, nextTurn)];
    }

    void DropLabels(List<Stmt> list)
    {
        list.RemoveAll(s => s is Label l && !_targets.Contains((l.At, l.NextTurn)));
        foreach (var body in list.SelectMany(Statements.Bodies)) DropLabels(body);
    }
}
