namespace IlgpuXai.Jit;

abstract record Stmt;

/// <summary>Place ← value.</summary>
sealed record Assign(Expr Place, Expr Value) : Stmt;

/// <summary>An expression for its side effect.</summary>
sealed record Do(Expr Expr) : Stmt;

// The rest comes into being when blocks become structured text.

sealed record Return(Expr? Value) : Stmt;

sealed record If(Expr Condition, List<Stmt> Then, List<Stmt> Else) : Stmt;

/// <summary>Endless unless it has a condition: before each turn (<see cref="While"/>) or behind it (<see cref="DoWhile"/>).</summary>
sealed record Loop(List<Stmt> Body) : Stmt
{
    public Expr? While { get; set; }
    public Expr? DoWhile { get; set; }
    public Assign? Init { get; set; }
    public Assign? Step { get; set; }

    /// <summary>The variable of <see cref="Init"/> lives in the loop only.</summary>
    public bool DeclaresInit { get; set; }
}

/// <summary>A switch; null stands for the default case.</summary>
sealed record Choose(Expr Value, List<(List<int?> Cases, List<Stmt> Body)> Arms) : Stmt;

sealed record Break : Stmt;

sealed record Continue : Stmt;

/// <summary>To the label of a block; at the end of a loop's body it stands for that loop's next turn.</summary>
sealed record Goto(Block To, bool NextTurn) : Stmt;

sealed record Label(Block At, bool NextTurn) : Stmt;

sealed record Declare(Local Local, Expr? Value) : Stmt;

static class Statements
{
    /// <summary>The lists of statements inside a statement.</summary>
    public static IEnumerable<List<Stmt>> Bodies(Stmt s) => s switch
    {
        If i => [i.Then, i.Else],
        Loop l => [l.Body],
        Choose c => c.Arms.Select(a => a.Body),
        _ => [],
    };

    /// <summary>All statements at every depth.</summary>
    public static IEnumerable<Stmt> All(IEnumerable<Stmt> list) => list.SelectMany(s => Bodies(s).SelectMany(All).Prepend(s));

    /// <summary>The expressions of a statement itself, not those of the lists inside it.</summary>
    public static IEnumerable<Expr> Own(Stmt s) => s switch
    {
        Assign a => [a.Place, a.Value],
        Do d => [d.Expr],
        Return { Value: { } value } => [value],
        Declare { Value: { } value } => [value],
        If i => [i.Condition],
        Loop l => new[] { l.While, l.DoWhile }.OfType<Expr>().Concat(new[] { l.Init, l.Step }.OfType<Assign>().SelectMany(Own)),
        Choose c => [c.Value],
        _ => [],
    };

    /// <summary>The expressions of a statement at every depth.</summary>
    public static IEnumerable<Expr> Expressions(Stmt s) => All([s]).SelectMany(Own);
}
