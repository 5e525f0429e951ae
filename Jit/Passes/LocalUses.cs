namespace IlgpuXai.Jit;

/// <summary>How often each variable of a function is assigned and read, and which are reached in other ways.</summary>
sealed class LocalUses
{
    readonly Dictionary<Local, int> _definitions = [], _reads = [];
    readonly HashSet<Local> _reached = [];

    public LocalUses(Function f)
    {
        foreach (var b in f.Blocks)
        {
            foreach (var s in b.Body)
            {
                if (s is not Assign { Place: var place }) continue;
                if (place is Read r)
                {
                    Count(_definitions, r.Local, 1);
                    Count(_reads, r.Local, -1);                                  // the place itself is counted below
                }
                else if (place is Member && Places.Root(place) is { } part) _reached.Add(part);
            }
            foreach (var e in b.Expressions.SelectMany(e => e.All()))
            {
                if (e is Read r) Count(_reads, r.Local, 1);
                if (e is AddressOf { Place: var place } && Places.Root(place) is { } root) _reached.Add(root);
            }
        }
    }

    public int Reads(Local v) => _reads.GetValueOrDefault(v);

    /// <summary>Assigned once, as a whole, and no reference leads to it: every read finds that value.</summary>
    public bool IsSingle(Local v) => _definitions.GetValueOrDefault(v) == 1 && !_reached.Contains(v);

    /// <summary>A reference leads to it, or a part of it is assigned alone.</summary>
    public bool IsReached(Local v) => _reached.Contains(v);

    static void Count(Dictionary<Local, int> counts, Local v, int by) => counts[v] = counts.GetValueOrDefault(v) + by;
}
