using System.Reflection;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Whether a helper only computes: it stores through no reference and passes no barrier, nor does what it calls.</summary>
sealed class Purity
{
    readonly Dictionary<MethodBase, bool> _known = [];

    public bool IsPure(MethodBase method)
    {
        if (_known.TryGetValue(method, out bool known)) return known;
        _known[method] = true;                       // recursion is refused elsewhere
        return _known[method] = MethodIl.Read(method).Instructions.All(i => !Stores(i, method.IsConstructor) && CallsPure(method, i));
    }

    // A constructor is translated to a function that returns the struct: its fields are its own variables.
    static bool Stores(Instruction i, bool inConstructor) => i.OpCode.Name! switch
    {
        "stobj" or "cpobj" => true,
        "stfld" or "initobj" => !inConstructor,
        var name => name.StartsWith("stind", StringComparison.Ordinal),
    };

    bool CallsPure(MethodBase method, Instruction i)
    {
        if (i.Operand is not MethodBase) return true;
        var callee = CallResolver.Resolve(method, i);
        return KnownMethods.Find(callee) is { } known ? !KnownMethods.IsImpure(known) : IsPure(callee);
    }

    /// <summary>An instance method that leaves its struct alone takes it by value: no pointer, no address space.</summary>
    public bool TakesThisByValue(MethodBase method) =>
        !method.IsConstructor && (method.DeclaringType!.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), false) || IsPure(method));
}
