namespace IlgpuXai.Simt;

/// <summary>An argument or local variable of a body that was read, or one that a rewriter added.</summary>
public sealed class Variable(Type type, string name = "")
{
    readonly HashSet<Variable> _targets = [];

    public Type Type { get; } = type;
    public string Name { get; } = name;

    /// <summary>For a reference: the variables it may point into.</summary>
    public IReadOnlyCollection<Variable> Targets => _targets;

    /// <summary>For a reference: it may also point to device memory (or to anything that is no variable).</summary>
    public bool PointsElsewhere { get; private set; }

    /// <summary>Notes what an entry of the stack stored here may point to; false if that was known.</summary>
    public bool MayPointTo(StackEntry entry)
    {
        bool grown = false;
        foreach (var target in entry.Locals) grown |= _targets.Add(target);
        if (entry.Elsewhere && !PointsElsewhere) PointsElsewhere = grown = true;
        return grown;
    }

    public override string ToString() => $"{Type.Name} {Name}";
}
