namespace IlgpuXai.Jit;

/// <summary>Statements that run one after another, and where control goes then.</summary>
sealed class Block(int id)
{
    public int Id { get; } = id;
    public List<Stmt> Body { get; set; } = [];
    public Exit Exit { get; set; } = null!;
    public List<Block> Predecessors { get; set; } = [];

    /// <summary>Position in reverse postorder, once <see cref="Dominators"/> has run.</summary>
    public int Order { get; set; }
    public Block? Dominator { get; set; }

    public IEnumerable<Block> Successors => Exit switch
    {
        Jump j => [j.To],
        Branch b => b.Then == b.Else ? [b.Then] : [b.Then, b.Else],
        Switch s => s.To.Append(s.Else).Distinct(),
        _ => [],
    };

    public IEnumerable<Expr> Expressions => Body.SelectMany(Statements.Own).Concat(Exit.Expressions);

    /// <summary>Rewrites every expression from its leaves up.</summary>
    public void Rewrite(Func<Expr, Expr> f)
    {
        for (int i = 0; i < Body.Count; i++)
            Body[i] = Body[i] switch
            {
                Assign a => new Assign(a.Place.Rewrite(f), a.Value.Rewrite(f)),
                Do d => new Do(d.Expr.Rewrite(f)),
                var other => other,
            };
        Exit = Exit.Map(e => e.Rewrite(f));
    }

    public override string ToString() => $"L{Id}";
}

abstract record Exit
{
    public virtual IEnumerable<Expr> Expressions => [];
    public virtual Exit Map(Func<Expr, Expr> f) => this;

    /// <summary>The same exit with one target replaced.</summary>
    public virtual Exit Retarget(Block from, Block to) => this;
}

sealed record Jump(Block To) : Exit
{
    public override Exit Retarget(Block from, Block to) => To == from ? new Jump(to) : this;
}

sealed record Branch(Expr Condition, Block Then, Block Else) : Exit
{
    public override IEnumerable<Expr> Expressions => [Condition];
    public override Exit Map(Func<Expr, Expr> f) => this with { Condition = f(Condition) };
    public override Exit Retarget(Block from, Block to) => this with { Then = Then == from ? to : Then, Else = Else == from ? to : Else };
}

sealed record Switch(Expr Value, IReadOnlyList<Block> To, Block Else) : Exit
{
    public override IEnumerable<Expr> Expressions => [Value];
    public override Exit Map(Func<Expr, Expr> f) => this with { Value = f(Value) };
    public override Exit Retarget(Block from, Block to) => this with { To = [.. To.Select(t => t == from ? to : t)], Else = Else == from ? to : Else };
}

sealed record Leave(Expr? Value) : Exit
{
    public override IEnumerable<Expr> Expressions => Value is null ? [] : [Value];
    public override Exit Map(Func<Expr, Expr> f) => Value is null ? this : new Leave(f(Value));
}
