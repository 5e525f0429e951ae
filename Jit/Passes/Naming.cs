namespace IlgpuXai.Jit;

/// <summary>Names that are unique in their scope, so that every loop may have its i.</summary>
static class Naming
{
    /// <summary><c>var tile = SharedMemory.Allocate(…)</c>: the array takes the variable's name and place.</summary>
    public static void NameArrays(Function f)
    {
        var assigned = f.Blocks.SelectMany(b => b.Body).OfType<Assign>().Where(a => a.Place is Read).GroupBy(a => ((Read)a.Place).Local).ToList();
        foreach (var group in assigned)
        {
            if (group.Count() != 1 || group.Single() is not { Value: ArrayOf of } assign || group.Key.IsParameter) continue;
            if (!group.Key.IsTemporary) of.Array.Name = group.Key.Name;
            foreach (var b in f.Blocks)
            {
                b.Body.Remove(assign);
                b.Rewrite(e => e is Read r && r.Local == group.Key ? of : e);
            }
        }
    }

    public static void MakeUnique(Function f)
    {
        // A variable must not hide a helper that is called in its scope.
        var top = new HashSet<string>(f.Expressions.OfType<Call>().Select(c => c.Callee.Target!.Name));
        foreach (var p in f.Parameters) Take(p, top);
        if (f.Built is not null) top.Add(f.Built.Name);
        foreach (var array in f.Arrays) Take(array, top);
        Walk(f.Body, top);
    }

    public static string LengthName(Local view) => $"{view.Name}_length";
    public static string OffsetName(Local view) => $"{view.Name}_offset";

    static void Walk(List<Stmt> list, HashSet<string> outer)
    {
        var taken = new HashSet<string>(outer);
        foreach (var s in list)
        {
            if (s is Declare d) Take(d.Local, taken);
            var inner = taken;
            if (s is Loop { DeclaresInit: true, Init.Place: Read counter })
            {
                inner = new(taken);
                Take(counter.Local, inner);
            }
            foreach (var body in Statements.Bodies(s)) Walk(body, inner);
        }
    }

    static void Take(Local v, HashSet<string> taken)
    {
        string stem = v.Name;
        if (v.IsTemporary && v.Name is "t" or "v") v.Name = $"{stem}{1}";
        for (int n = 2; !taken.Add(v.Name); n++) v.Name = $"{stem}{n}";
        if (!Views.Is(v.Type)) return;
        taken.Add(LengthName(v));
        taken.Add(OffsetName(v));
    }
}
