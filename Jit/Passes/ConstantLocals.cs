namespace IlgpuXai.Jit;

/// <summary>A struct, or a temporary, that holds a constant throughout is that constant: so the sizes in a specialised shape become numbers.</summary>
static class ConstantLocals
{
    public static bool Fold(Function f)
    {
        var uses = new LocalUses(f);
        var assigned = f.Blocks.SelectMany(b => b.Body).OfType<Assign>().Where(a => a.Place is Read).GroupBy(a => ((Read)a.Place).Local, a => a.Value);
        var values = new Dictionary<Local, Expr>();
        foreach (var all in assigned)
            if (all.First() is var value && IsConstant(value) && (all.Key.IsTemporary || value is Aggregate) && !uses.IsReached(all.Key) && all.All(v => Same(v, value))) values[all.Key] = value;
        if (values.Count == 0) return false;
        foreach (var b in f.Blocks)
        {
            b.Body.RemoveAll(s => s is Assign { Place: Read { Local: var v } } && values.ContainsKey(v));
            b.Rewrite(e => e is Read r && values.TryGetValue(r.Local, out var value) ? value : e);
        }
        return true;
    }

    static bool Same(Expr a, Expr b) =>
        a is Aggregate x && b is Aggregate y ? x.Type == y.Type && x.Values.Count == y.Values.Count && x.Values.Zip(y.Values).All(p => Same(p.First, p.Second)) : a == b;

    static bool IsConstant(Expr e) => e is Constant || e is Aggregate { Values.Count: > 0 } a && a.Values.All(IsConstant);
}
