namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Shorter versions of a kernel's code, those that leave out most first. Some are no programs.</summary>
static class Shrinking
{
    public static IEnumerable<Node> Candidates(Node code)
    {
        var nodes = code.All.ToList();
        foreach (var (list, statement) in nodes.Where(n => n.IsList).SelectMany(n => n.Parts.Select(p => (n, p))).OrderByDescending(s => s.p.All.Count()))
            if (!statement.Pinned) yield return code.With(statement, null);
        foreach (var statement in nodes.Where(n => n.IsList).SelectMany(n => n.Parts))
            if (!statement.Pinned && statement.Parts.FirstOrDefault(p => p.Kind == "block") is { } block) yield return code.With(statement, block);
        foreach (var e in nodes.Where(n => n.Type is not null && n.Parts.Length > 0).OrderByDescending(n => n.All.Count()))
        {
            foreach (var part in e.Parts.Where(p => p.Type == e.Type && p.Bits <= e.Bits)) yield return code.With(e, part);
            yield return code.With(e, new Node("literal", $"default({e.Type!.Value.Word()})") { Type = e.Type, Bits = e.Bits });
        }
    }
}
