namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Ways to make a kernel's code shorter, those that leave out most first. Some lead to no program.</summary>
static class Shrinking
{
    public static IEnumerable<Func<Node, Node>> Edits(Node code)
    {
        var nodes = code.All.ToList();
        foreach (var list in nodes.Where(n => n.IsList && n.Parts.Length > 1).OrderByDescending(Size).Take(12))
            foreach (int size in (int[])[list.Parts.Length, list.Parts.Length / 2, list.Parts.Length / 4])
                for (int at = 0; size > 1 && at < list.Parts.Length; at += size)
                    if (list.Parts[at..Math.Min(at + size, list.Parts.Length)].Where(p => !p.Pinned).ToList() is { Count: > 1 } some)
                        yield return c => some.Aggregate(c, (rest, statement) => rest.With(statement, null));
        var statements = nodes.Where(n => n.IsList).SelectMany(n => n.Parts).Where(p => !p.Pinned).OrderByDescending(Size).ToList();
        foreach (var statement in statements) yield return c => c.With(statement, null);
        foreach (var statement in statements)
            foreach (var block in statement.Parts.Where(p => p.Kind == "block")) yield return c => c.With(statement, block);
        foreach (var e in nodes.Where(n => n.Type is not null && n.Parts.Length > 0).OrderByDescending(Size))
        {
            var literal = new Node("literal", $"default({e.Type!.Value.Word()})") { Type = e.Type, Bits = e.Bits };
            yield return c => c.With(e, literal);
            foreach (var part in e.Parts.Where(p => p.Type == e.Type && p.Bits <= e.Bits)) yield return c => c.With(e, part);
        }
    }

    static int Size(Node node) => node.All.Count();
}
