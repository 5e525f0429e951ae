using System.Reflection;
using ILGPU;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>What makes a method a kernel.</summary>
static class KernelRules
{
    /// <summary>As many as ILGPU passes, the index not counted.</summary>
    const int MaxParameters = 14;

    public const string NoGroups = "barriers, exchanges or shared memory when it is implicitly grouped (its first parameter is an Index1D)";

    public static bool IsAutoGrouped(MethodBase method) => method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Index1D);

    public static void CheckSignature(MethodInfo method)
    {
        if (!method.IsStatic || method.ReturnType != typeof(void) || method.ContainsGenericParameters)
            throw new RefusedKernelException(method, 0, "an instance, a result or open type parameters: it is a closed static void method");
        var parameters = method.GetParameters().Skip(IsAutoGrouped(method) ? 1 : 0).ToList();
        if (parameters.Count > MaxParameters) throw new RefusedKernelException(method, 0, $"{parameters.Count} parameters: at most {MaxParameters}");
        foreach (var p in parameters)
        {
            var held = Views.Is(p.ParameterType) ? Views.Element(p.ParameterType) : p.ParameterType;
            if (held.IsAutoLayout && !held.IsPrimitive) throw new RefusedKernelException(method, 0, $"the parameter {p.Name}: the layout of {MethodNames.Of(held)} is left to the runtime, devices need one that is fixed");
            if (p.ParameterType.IsByRef || p.ParameterType.IsPointer || !p.ParameterType.IsValueType)
                throw new RefusedKernelException(method, 0, $"the parameter {p.Name} of type {MethodNames.Of(p.ParameterType)}: parameters are structs of value types");
        }
    }
}
