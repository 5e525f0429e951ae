using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>Reads a kernel and everything it calls: refuses what no device can run, and says which helpers must be written into the kernel.</summary>
/// <remarks>
/// A helper must be written in if it, or one it calls, uses an intrinsic: those need the running thread, which an
/// ordinary call cannot see, and barriers return to the scheduler. Pure arithmetic stays a call.
/// </remarks>
sealed class HelperScan
{
    readonly Dictionary<MethodBase, bool> _usesDevice = [];
    readonly HashSet<MethodBase> _open = [];

    public bool UsesDevice(MethodBase method)
    {
        if (_usesDevice.TryGetValue(method, out bool known)) return known;
        if (IsSystem(method)) return _usesDevice[method] = false;
        _open.Add(method);
        bool uses = false;
        foreach (var i in MethodIl.Read(method).Instructions)
        {
            Refusals.Check(method, i);
            if (i.Operand is not MethodBase) continue;
            var callee = CallResolver.Resolve(method, i);
            if (_open.Contains(callee)) throw new RefusedKernelException(method, i.Offset, $"recursion: {MethodNames.Of(callee)} is already running");
            uses |= Vocabulary.Declares(callee) ? IntrinsicTable.Handles(callee) : UsesDevice(callee);
        }
        _open.Remove(method);
        return _usesDevice[method] = uses;
    }

    /// <summary>The framework's own methods stay calls; what they may not take or return, <see cref="Refusals"/> says.</summary>
    static bool IsSystem(MethodBase method) =>
        method.DeclaringType?.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));
}
