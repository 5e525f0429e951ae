namespace IlgpuXai.Jit;

/// <summary>The abstract evaluation stack of the block being imported, and the rules that keep what lies on it true.</summary>
/// <remarks>
/// An entry is evaluated later than IL evaluates it. So before a statement changes what an entry reads, the entry goes into a temporary;
/// and what has side effects becomes a statement at once.
/// </remarks>
sealed class EvaluationStack
{
    readonly List<Expr> _entries = [];
    Block _block = null!;

    public Block Block => _block;
    public IReadOnlyList<Expr> Entries => _entries;

    public void Begin(Block block, IEnumerable<Expr> entries)
    {
        _block = block;
        _entries.Clear();
        _entries.AddRange(entries);
    }

    public void Push(Expr e) => _entries.Add(e);

    public Expr Pop() => Pop(1)[0];

    public Expr[] Pop(int count)
    {
        Expr[] top = [.. _entries.TakeLast(count)];
        _entries.RemoveRange(_entries.Count - count, count);
        return top;
    }

    /// <summary>Puts a value into a temporary, now.</summary>
    public Expr Keep(Expr e)
    {
        Expose(e);
        var t = new Local("t", e.Type) { IsTemporary = true, IsAssigned = true };
        _block.Body.Add(new Assign(new Read(t), e));
        return new Read(t);
    }

    public void Spill(Func<Expr, bool> which)
    {
        for (int i = 0; i < _entries.Count; i++)
            if (which(_entries[i])) _entries[i] = Keep(_entries[i]);
    }

    public void Assign(Expr place, Expr value)
    {
        var root = Places.Root(place);
        if (root is null) Spill(Places.Loads);
        else
        {
            Spill(e => e.Reads(root) || root.IsAddressTaken && Places.Loads(e));
            root.IsAssigned = true;
        }
        Expose(value);
        _block.Body.Add(new Assign(place, value));
    }

    /// <summary>References that leave the stack: from here on somebody else may change the variables they lead to.</summary>
    public static void Expose(Expr value)
    {
        foreach (var e in value.All())
            if (e is AddressOf { Place: var place } && Places.Root(place) is { } root) root.IsAddressTaken = root.IsAssigned = true;
    }

    /// <summary>Pushes a call's result; a call with side effects happens here.</summary>
    public void Result(Expr e)
    {
        if (!Places.IsImpure(e))
        {
            if (e.Type != typeof(void)) Push(e);
            return;
        }
        Spill(Places.Loads);
        if (e.Type == typeof(void)) _block.Body.Add(new Do(e)); else Push(Keep(e));
    }
}
