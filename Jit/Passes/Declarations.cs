namespace IlgpuXai.Jit;

/// <summary>Puts each declaration at the first assignment, in the innermost scope that holds every use.</summary>
static class Declarations
{
    public static void Place(Function f)
    {
        // A goto must not jump over an initialisation: then all variables stand at the top.
        bool jumps = Statements.All(f.Body).Any(s => s is Goto);
        var all = f.Body.SelectMany(Statements.Expressions).SelectMany(e => e.All()).OfType<Read>().Select(r => r.Local).Distinct().Where(v => !v.IsParameter && v != f.Built).ToList();
        foreach (var v in all)
            if (jumps || !TryPlace(f.Body, v, false)) f.Body.Insert(0, new Declare(v, null));
    }

    static bool Uses(Stmt s, Local v) => Statements.Expressions(s).Any(e => e.Reads(v));

    /// <param name="mustAssign">In a loop's body a variable may be declared only where it is assigned first: else it lives from one turn to the next.</param>
    static bool TryPlace(List<Stmt> list, Local v, bool mustAssign)
    {
        int[] users = [.. Enumerable.Range(0, list.Count).Where(k => Uses(list[k], v))];
        int at = users[0];
        if (users.Length == 1 && list[at] is Loop loop)
        {
            if (loop.Init is { Place: Read r } && r.Local == v && !loop.Init.Value.Reads(v)) return loop.DeclaresInit = true;
            if (!Statements.Own(loop).Any(e => e.Reads(v)) && TryPlace(loop.Body, v, true)) return true;
        }
        if (users.Length == 1 && list[at] is If i && !i.Condition.Reads(v))
        {
            bool inThen = i.Then.Any(s => Uses(s, v)), inElse = i.Else.Any(s => Uses(s, v));
            if (inThen != inElse && TryPlace(inThen ? i.Then : i.Else, v, mustAssign)) return true;
        }
        if (list[at] is Assign { Place: Read place } assign && place.Local == v && !assign.Value.Reads(v))
        {
            list[at] = new Declare(v, assign.Value);
            return true;
        }
        if (mustAssign) return false;
        list.Insert(at, new Declare(v, null));
        return true;
    }
}
