using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>The instructions that no device can run, each with the rule that refuses it.</summary>
public static class Refusals
{
    /// <summary>Throws a <see cref="RefusedKernelException"/> if a kernel or helper must not contain the instruction.</summary>
    public static void Check(MethodBase method, Instruction i)
    {
        if (Why(i) is { } construct) throw new RefusedKernelException(method, i.Offset, construct);
    }

    static string? Why(Instruction i)
    {
        string name = i.OpCode.Name!;
        return name.Split('.')[0] switch
        {
            "newarr" or "ldlen" or "ldelem" or "ldelema" or "stelem" => "an array: use LocalMemory, SharedMemory or a view",
            "newobj" when i.Operand is MethodBase { DeclaringType: { IsValueType: false } type } => $"new {MethodNames.Of(type)}: it is a class, kernels know value types only",
            "stsfld" => $"a write to the static field {Field(i)}: statics are constants, write to a view",
            "ldsfld" or "ldsflda" when i.Operand is FieldInfo { IsInitOnly: false, IsLiteral: false } => $"a read of the static field {Field(i)} that is not readonly: pass its value as a parameter",
            "ldsfld" when i.Operand is FieldInfo { FieldType.IsValueType: false } => $"the static field {Field(i)} of a class type: kernels know value types only",
            "throw" or "rethrow" => "throw: a device knows no exceptions (a switch expression without a _ arm throws as well)",
            "ldstr" => "a string",
            "box" or "unbox" => "boxing: kernels know value types only",
            "castclass" or "isinst" => "a cast of an object",
            "ldftn" or "ldvirtftn" => "a delegate or lambda: use a struct with static abstract members",
            "calli" => "a call through a function pointer",
            "localloc" => "stackalloc: use LocalMemory",
            "volatile" => "a volatile access: use Atomic or a barrier",
            "leave" or "endfinally" or "endfilter" => "a try block: a device knows no exceptions",
            "call" or "callvirt" when i.Operand is MethodInfo callee && !Vocabulary.Declares(callee) => WhyCall(callee),
            _ when name.Contains(".ovf", StringComparison.Ordinal) => "checked arithmetic: a device wraps around",
            _ => null,
        };
    }

    static string? WhyCall(MethodInfo callee)
    {
        var type = callee.GetParameters().Select(p => p.ParameterType).Append(callee.ReturnType)
            .Select(t => t.HasElementType ? t.GetElementType()! : t)
            .FirstOrDefault(t => t.IsByRefLike || !t.IsValueType && t != typeof(void));
        if (callee.DeclaringType is { IsInterface: false, IsValueType: false } owner && !callee.IsStatic) type ??= owner;
        return type is null ? null : $"a call of {MethodNames.Of(callee)}: {MethodNames.Of(type)} is a class or a ref struct, kernels know value types only";
    }

    static string Field(Instruction i) => i.Operand is FieldInfo field ? $"{MethodNames.Of(field.DeclaringType!)}.{field.Name}" : "";
}
