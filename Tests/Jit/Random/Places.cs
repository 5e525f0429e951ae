namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Things that can be assigned to or referred to: elements of memory and their fields.</summary>
static class Places
{
    /// <summary>An element of a type, or a field of that type of an element; null if none is in scope.</summary>
    public static Node? Element(Body b, Scalar type, bool write)
    {
        string[] Paths(Storage m) => m.Element == type.Word() ? [""] : [.. StructType.Of(b, m.Element).Where(f => f.Type == type).Select(f => $".{f.Path}")];
        return b.Prefer(b.Memory.Where(m => (write ? m.Writes : m.Reads).Length > 0 && Paths(m).Length > 0)) is { } memory
            ? At(b, memory, b.Pick(write ? memory.Writes : memory.Reads), b.Pick(Paths(memory))) : null;
    }

    /// <summary>A whole element that is a struct.</summary>
    public static Node? Struct(Body b, string element, bool write)
    {
        var found = b.Memory.Where(m => m.Element == element && (write ? m.Writes : m.Reads).Length > 0).ToList();
        if (found.Count == 0) return null;
        var memory = b.Pick(found);
        return At(b, memory, b.Pick(write ? memory.Writes : memory.Reads), "");
    }

    /// <summary>An int element that only ever takes small steps.</summary>
    public static Node? Counter(Body b)
    {
        var found = b.Memory.Where(m => m.Counters.Length > 0).ToList();
        if (found.Count == 0) return null;
        var memory = b.Pick(found);
        return At(b, memory, b.Pick(memory.Counters), "");
    }

    /// <summary>Something that <c>ref</c> can be put before.</summary>
    public static Node? Referable(Body b, Scalar type) =>
        b.Chance(0.5) ? Variable(b, type) ?? Element(b, type, write: true) : Element(b, type, write: true) ?? Variable(b, type);

    /// <summary>A variable that any value may be assigned to.</summary>
    public static Node? Variable(Body b, Scalar type)
    {
        var found = b.Variables.Where(v => v.Type == type && v.Assignable && !v.Counts).ToList();
        return found.Count == 0 ? null : new("variable", b.Pick(found).Name);
    }

    static Node At(Body b, Storage memory, string index, string field)
    {
        if (!index.Contains('$')) return new($"{memory.Space}-element", $"{memory.Name}[{index}]{field}");
        var type = b.Chance(0.12) ? Scalar.Long : Scalar.Int;
        return new($"{memory.Space}-element", $"{memory.Name}[{index}]{field}", Expressions.Of(b, type, type.Bits(), 1));
    }
}
