using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>The names that local variables have in the source. Compilers let several variables share a slot, so a name belongs to a range of the code.</summary>
public sealed class LocalNames
{
    readonly List<LocalName> _names = [];

    public LocalNames(MethodBase method)
    {
        if (DebugInformation.Of(method) is not { } reader) return;
        foreach (var handle in reader.GetLocalScopes(DebugInformation.Handle(method)))
        {
            var scope = reader.GetLocalScope(handle);
            foreach (var variable in scope.GetLocalVariables().Select(reader.GetLocalVariable))
                _names.Add(new(variable.Index, scope.StartOffset, scope.EndOffset, reader.GetString(variable.Name)));
        }
    }

    /// <summary>Null for a variable that the compiler made, and without a PDB.</summary>
    /// <param name="offsets">Of an instruction that uses the slot. A store may stand just before the scope of its variable: give the next offset first.</param>
    public LocalName? Find(int slot, params ReadOnlySpan<int> offsets)
    {
        foreach (int offset in offsets)
            if (_names.Find(n => n.Slot == slot && offset >= n.From && offset < n.To) is { } found) return found;
        return null;
    }
}

/// <summary>A variable of the source: its slot, and the range of IL offsets in which the slot is its.</summary>
public sealed record LocalName(int Slot, int From, int To, string Name);
