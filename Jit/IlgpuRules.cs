using System.Reflection;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>What ILGPU refuses and this translator would take: kernels keep to these rules too, so that their text stays valid for both.</summary>
/// <remarks>ILGPU finds the first two when it makes a kernel's launcher, not when it compiles the kernel.</remarks>
public static class IlgpuRules
{
    /// <exception cref="RefusedKernelException">A rule is broken; the message names it.</exception>
    public static void Check(MethodInfo kernel)
    {
        KernelRules.CheckSignature(kernel);
        foreach (var p in kernel.GetParameters())
        {
            if (Views.Is(p.ParameterType)) continue;
            if (FieldsOf(p.ParameterType).FirstOrDefault(t => t == typeof(bool) || t == typeof(char)) is { } type)
                throw new RefusedKernelException(kernel, 0, $"the parameter {p.Name} with a {type.Name} in it: ILGPU passes numbers only, use an int");
        }
        CheckCalls(kernel, []);
    }

    static IEnumerable<Type> FieldsOf(Type type) => type.IsPrimitive || type.IsEnum ? [type] : CTypes.Fields(type).SelectMany(f => FieldsOf(f.FieldType));

    // Nothing resolves a fused multiply-add there, and vectors of the framework are refused.
    static void CheckCalls(MethodBase method, HashSet<MethodBase> seen)
    {
        if (!seen.Add(method) || method.DeclaringType?.Namespace?.StartsWith("System", StringComparison.Ordinal) == true) return;
        foreach (var i in MethodIl.Read(method).Instructions)
        {
            Refusals.Check(method, i);
            if (i.Operand is not MethodBase) continue;
            var callee = CallResolver.Resolve(method, i);
            if (callee.Name == "FusedMultiplyAdd") throw new RefusedKernelException(method, i.Offset, "FusedMultiplyAdd: write a * b + c, which compilers may fuse");
            if (callee.DeclaringType?.Namespace is "System.Numerics" or "System.Runtime.Intrinsics") throw new RefusedKernelException(method, i.Offset, $"{MethodNames.Of(callee)}: ILGPU knows none of the framework's vectors");
            if (!Vocabulary.Declares(callee)) CheckCalls(callee, seen);
        }
    }
}
