namespace IlgpuXai.Jit;

/// <summary>A temporary that is assigned once and read once, in the same block, vanishes into its use if nothing changes its value in between.</summary>
static class InlineTemporaries
{
    public static bool Run(Function f)
    {
        var uses = new LocalUses(f);
        bool changed = false;
        foreach (var b in f.Blocks)
            for (int k = b.Body.Count - 1; k >= 0; k--)
            {
                if (b.Body[k] is not Assign { Place: Read { Local: { IsTemporary: true } t }, Value: var value } || !uses.IsSingle(t)) continue;
                if (uses.Reads(t) == 0)
                {
                    if (Places.IsImpure(value)) b.Body[k] = new Do(value); else b.Body.RemoveAt(k);
                    changed = true;
                }
                else if (uses.Reads(t) == 1) changed |= Inline(b, k, t, value);
            }
        return changed;
    }

    static bool Inline(Block b, int at, Local t, Expr value)
    {
        bool loads = Places.Loads(value), impure = Places.IsImpure(value);
        for (int k = at + 1; k <= b.Body.Count; k++)
        {
            var user = k < b.Body.Count ? b.Body[k] : null;
            Expr[] expressions = [.. user is null ? b.Exit.Expressions : Statements.Own(user)];
            if (expressions.Any(e => e.Reads(t)))
            {
                if (impure && !IsAlone(b, user, t, k == at + 1)) return false;
                if (loads && expressions.Any(Places.IsImpure)) return false;
                Expr Put(Expr e) => e is Read r && r.Local == t ? value : e;
                if (user is null) b.Exit = b.Exit.Map(e => e.Rewrite(Put));
                else b.Body[k] = user is Assign a ? new Assign(a.Place.Rewrite(Put), a.Value.Rewrite(Put)) : new Do(((Do)user).Expr.Rewrite(Put));
                b.Body.RemoveAt(at);
                return true;
            }
            if (user is null || impure || Changes(user, value, loads)) return false;
        }
        return false;
    }

    // C leaves open when an operand is evaluated: a call with side effects stands alone.
    static bool IsAlone(Block b, Stmt? user, Local t, bool isNext) =>
        isNext && (user is Assign { Place: Read { Local.IsAddressTaken: false }, Value: Read r } ? r.Local == t : user is null && b.Exit is Leave { Value: Read });

    static bool Changes(Stmt s, Expr value, bool loads)
    {
        if (s is Assign { Place: var place } && Places.Root(place) is { } root) return value.Reads(root) || loads && (root.IsAddressTaken || Statements.Own(s).Any(Places.IsImpure));
        return loads;                                        // a store or a call
    }
}
