using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>The names that local variables have in the source. Compilers let several variables share a slot, so a name belongs to a range of the code.</summary>
public sealed class LocalNames
{
    readonly List<(int Slot, int From, int To, string Name)> _names = [];

    public LocalNames(MethodBase method)
    {
        if (DebugInformation.Of(method) is not { } reader) return;
        foreach (var handle in reader.GetLocalScopes(DebugInformation.Handle(method)))
        {
            var scope = reader.GetLocalScope(handle);
            foreach (var variable in scope.GetLocalVariables().Select(reader.GetLocalVariable))
                _names.Add((variable.Index, scope.StartOffset, scope.EndOffset, reader.GetString(variable.Name)));
        }
    }

    /// <summary>Null for a variable that the compiler made, and without a PDB.</summary>
    /// <param name="offset">Of an instruction that uses the slot. A store may stand just before the scope of its variable: give the next offset too.</param>
    public string? Find(int slot, params ReadOnlySpan<int> offsets)
    {
        foreach (int offset in offsets)
            foreach (var n in _names)
                if (n.Slot == slot && offset >= n.From && offset < n.To) return n.Name;
        return null;
    }
}
