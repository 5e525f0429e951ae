using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>Finds the method that a call really reaches.</summary>
public static class CallResolver
{
    /// <summary>
    /// The implementation behind a <c>constrained.</c> call of an interface member, static abstract or instance, explicit or not;
    /// any other callee as it is. Refused: a virtual call that only the object's type could resolve.
    /// </summary>
    public static MethodBase Resolve(MethodBase caller, Instruction call)
    {
        var callee = (MethodBase)call.Operand!;
        if (call.Constrained is { } type && callee is MethodInfo { DeclaringType: { IsInterface: true } contract } declared)
        {
            var map = type.GetInterfaceMap(contract);
            int k = Array.FindIndex(map.InterfaceMethods, m => m.MetadataToken == declared.MetadataToken && m.Module == declared.Module);
            var target = map.TargetMethods[k];
            return declared.IsGenericMethod ? target.MakeGenericMethod(declared.GetGenericArguments()) : target;
        }
        if (callee is { IsVirtual: true, IsFinal: false, DeclaringType.IsValueType: false } || call.Constrained is not null && callee.IsVirtual)
            throw new RefusedKernelException(caller, call.Offset, $"the virtual call of {MethodNames.Of(callee)}: the callee must be known when the kernel is loaded");
        return callee;
    }
}
