using System.Reflection;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Methods that only return a number, as the static abstract properties of a function's struct do: their calls are that number.</summary>
static class ConstantMethods
{
    public static Expr? Find(MethodBase method) =>
        method is MethodInfo { IsStatic: true, ReturnType: { } type } info && (type.IsPrimitive || type.IsEnum) && method.GetParameters().Length == 0 && IsConstant(method)
            ? CTypes.Literal(info.Invoke(null, null)!) : null;

    // Straight code over constants, and calls of the same kind. What the vocabulary says of threads is none.
    static bool IsConstant(MethodBase method) =>
        method.GetMethodBody() is not null && MethodIl.Read(method).Instructions.All(i =>
            i.Operand is MethodBase called ? called is MethodInfo && !Vocabulary.Declares(called) && CallResolver.Resolve(method, i) is var callee && callee.IsStatic && callee.GetParameters().Length == 0 && callee != method && IsConstant(callee)
            : i.OpCode.Name!.Split('.')[0] is "nop" or "ldc" or "stloc" or "ldloc" or "br" or "ret" or "ceq" or "conv" or "add" or "sub" or "mul" or "shl" or "neg");
}
