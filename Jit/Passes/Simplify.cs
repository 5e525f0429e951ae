namespace IlgpuXai.Jit;

/// <summary>Undoes what compilers do to conditions: jumps to jumps, short circuits, ternaries. Rewrites blocks in place, to a fixpoint.</summary>
static class Simplify
{
    public static void Run(Function f)
    {
        do f.Link(); while (ThreadJumps(f) | JoinLines(f) | InlineTemporaries.Run(f) | ConstantLocals.Fold(f) | FoldConditions(f) | Ternaries(f) | ShortCircuits(f));
        f.Link();
    }

    /// <summary>An empty block that only jumps on is left out; a branch to one place is no branch.</summary>
    static bool ThreadJumps(Function f)
    {
        bool changed = false;
        foreach (var b in f.Blocks.ToList())
        {
            if (b.Exit is Branch { Then: var t, Else: var e, Condition: var c } && t == e && !Places.IsImpure(c))
            {
                b.Exit = new Jump(t);
                f.Link();
                changed = true;
            }
            if (b == f.Blocks[0] || b.Body.Count > 0 || b.Exit is not Jump { To: var to } || to == b || b.Predecessors.Count == 0) continue;
            foreach (var p in b.Predecessors.ToList()) p.Exit = p.Exit.Retarget(b, to);
            f.Link();
            changed = true;
        }
        return changed;
    }

    /// <summary>A block whose only predecessor jumps to it is that one's rest.</summary>
    static bool JoinLines(Function f)
    {
        bool changed = false;
        foreach (var a in f.Blocks.ToList())
            while (f.Blocks.Contains(a) && a.Exit is Jump { To: var b } && b != a && b != f.Blocks[0] && b.Predecessors.Count == 1)
            {
                a.Body.AddRange(b.Body);
                a.Exit = b.Exit;
                f.Link();
                changed = true;
            }
        return changed;
    }

    static bool FoldConditions(Function f)
    {
        bool changed = false;
        foreach (var b in f.Blocks)
        {
            b.Rewrite(e =>
            {
                var folded = Fold(e);
                changed |= folded != e;
                return folded;
            });
            if (b.Exit is not Branch { Condition: Constant { } c, Then: var t, Else: var other }) continue;
            b.Exit = new Jump(c.IsZero ? other : t);
            changed = true;
        }
        if (changed) f.Link();
        return changed;
    }

    static Expr Fold(Expr e) => e switch
    {
        Comparison { Op: "!=", A: { } a, B: Constant { IsZero: true } } when a.Type == typeof(bool) => a,
        Comparison { Op: "==", A: { } a, B: Constant { IsZero: true } } when a.Type == typeof(bool) => Arithmetic.Not(a),
        Comparison { A: Constant { Value: int x }, B: Constant { Value: int y } } c => Holds(c.Op, x, y) ? Constant.True : Constant.False,
        Unary { Op: "!", A: Comparison or Constant or Unary { Op: "!" } } u => Arithmetic.Not(u.A),
        Binary { Op: "&&", A: Constant k } b => k.IsZero ? Constant.False : b.B,
        Binary { Op: "||", A: Constant k } b => k.IsZero ? b.B : Constant.True,
        Binary { Op: "&&", B: Constant { IsZero: false } } b => b.A,
        Binary { Op: "||", B: Constant { IsZero: true } } b => b.A,
        Select { Condition: Constant k } s => k.IsZero ? s.B : s.A,
        Binary { A: Constant { Value: int x }, B: Constant { Value: int y }, Op: "+" or "-" or "*" } b => FoldInt(b, x, y),
        Binary { Op: "+", A: Constant { Value: 0 }, B: { } b } when b.Type == e.Type => b,
        Binary { Op: "+" or "-", A: { } a, B: Constant { Value: 0 } } when a.Type == e.Type => a,
        Binary { Op: "*", A: { } a, B: Constant { Value: 1 } } when a.Type == e.Type => a,
        Binary { Op: "*", A: Constant { Value: 1 }, B: { } b } when b.Type == e.Type => b,
        Cast { A: Constant { IsInteger: true } c } when !Arithmetic.IsFloat(e.Type) => Arithmetic.Typed(c, e.Type),
        _ => e,
    };

    static bool Holds(string op, int x, int y) => op switch { "==" => x == y, "!=" => x != y, "<" => x < y, "<=" => x <= y, ">" => x > y, _ => x >= y };

    // Kernels count in int without overflow; a constant that would is left as it is.
    static Expr FoldInt(Binary b, int x, int y)
    {
        long value = b.Op switch { "+" => (long)x + y, "-" => (long)x - y, _ => (long)x * y };
        return value == (int)value && b.Type == typeof(int) ? Constant.Int((int)value) : b;
    }

    /// <summary>Two paths that only choose a value become <c>c ? a : b</c>.</summary>
    static bool Ternaries(Function f)
    {
        bool changed = false;
        foreach (var b in f.Blocks.ToList())
        {
            if (!f.Blocks.Contains(b) || b.Exit is not Branch { Condition: var c, Then: var x, Else: var y } || x == y || x.Predecessors.Count != 1 || y.Predecessors.Count != 1) continue;
            if (x is { Body: [], Exit: Leave { Value: { } p } } && y is { Body: [], Exit: Leave { Value: { } q } } && !f.IsKernel && !f.Returns.IsByRef && CanChoose(p, q))
                b.Exit = new Leave(Chosen(c, p, q, f.Returns));
            else if (x is { Body: [Assign { Place: Read { Local: { IsMerge: true } merge }, Value: var v }], Exit: Jump { To: var to } } && y is { Body: [Assign { Place: Read r, Value: var w }], Exit: Jump { To: var end } }
                && r.Local == merge && to == end && CanChoose(v, w))
            {
                b.Body.Add(new Assign(new Read(merge), Chosen(c, v, w, merge.Type)));
                b.Exit = new Jump(to);
            }
            else continue;
            f.Link();
            changed = true;
        }
        return changed;
    }

    static bool CanChoose(Expr a, Expr b) => !Places.IsImpure(a) && !Places.IsImpure(b);

    static Expr Chosen(Expr c, Expr a, Expr b, Type type)
    {
        if (type != typeof(bool))
        {
            if (c is Unary { Op: "!" } or Comparison { Unordered: true, Op: not "!=" }) (c, a, b) = (Arithmetic.Not(c), b, a);
            return new Select(c, a, b, type);
        }
        (a, b) = (Arithmetic.Typed(a, type), Arithmetic.Typed(b, type));
        return (a, b) switch
        {
            (Constant { IsZero: false }, Constant { IsZero: true }) => c,
            (Constant { IsZero: true }, Constant { IsZero: false }) => Arithmetic.Not(c),
            (Constant { IsZero: false }, _) => new Binary("||", c, b, type),
            (Constant, _) => new Binary("&&", Arithmetic.Not(c), b, type),
            (_, Constant { IsZero: false }) => new Binary("||", Arithmetic.Not(c), a, type),
            (_, Constant) => new Binary("&&", c, a, type),
            _ => new Select(c, a, b, type),
        };
    }

    /// <summary>A branch reached only when another went one way, with a target in common: <c>&amp;&amp;</c> or <c>||</c>.</summary>
    static bool ShortCircuits(Function f)
    {
        foreach (var a in f.Blocks)
        {
            if (a.Exit is not Branch { Condition: var c, Then: var then, Else: var otherwise }) continue;
            foreach (var (b, first, other) in new[] { (then, c, otherwise), (otherwise, Arithmetic.Not(c), then) })         // b runs when `first` holds
            {
                if (b == a || b == other || b.Predecessors.Count != 1 || b.Body.Count > 0 || b.Exit is not Branch { Condition: var d, Then: var x, Else: var y } || Places.IsImpure(d)) continue;
                if (y == other) a.Exit = new Branch(new Binary("&&", first, d, typeof(bool)), x, other);
                else if (x == other) a.Exit = new Branch(new Binary("&&", first, Arithmetic.Not(d), typeof(bool)), y, other);
                else continue;
                f.Link();
                return true;
            }
        }
        return false;
    }
}
