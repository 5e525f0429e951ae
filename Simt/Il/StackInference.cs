using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>Finds what lies on the evaluation stack before every instruction of a body: types, and where addresses may point.</summary>
/// <remarks>Runs the body over abstract values until neither a stack nor what a reference variable may point to still grows.</remarks>
public sealed class StackInference
{
    readonly MethodIl _il;
    readonly Dictionary<Instruction, Instruction?> _next = [];
    readonly Stack<Instruction> _work = [];
    bool _grown;

    StackInference(MethodIl il)
    {
        _il = il;
        for (int k = 0; k < il.Instructions.Count; k++) _next[il.Instructions[k]] = k + 1 < il.Instructions.Count ? il.Instructions[k + 1] : null;
    }

    /// <summary>Fills <see cref="Instruction.Stack"/>.</summary>
    public static void Run(MethodIl il)
    {
        var inference = new StackInference(il);
        do inference.Pass(); while (inference._grown);
    }

    void Pass()
    {
        _grown = false;
        foreach (var i in _il.Instructions) i.Stack = null;
        Reach(_il.Instructions[0], []);
        while (_work.TryPop(out var i))
        {
            var after = Step(i);
            foreach (var target in i.Targets) Reach(target, after);
            if (!i.EndsFlow && _next[i] is { } next) Reach(next, after);
        }
    }

    void Reach(Instruction i, IReadOnlyList<StackEntry> stack)
    {
        if (i.Stack is null)
        {
            i.Stack = stack;
            _work.Push(i);
            return;
        }
        if (!stack.Select((entry, k) => Adds(entry, i.Stack[k])).Any(adds => adds)) return;
        i.Stack = stack.Zip(i.Stack, (a, b) => b with { Locals = [.. a.Locals.Union(b.Locals)], Elsewhere = a.Elsewhere || b.Elsewhere }).ToArray();
        _work.Push(i);
    }

    static bool Adds(StackEntry entry, StackEntry known) => entry.Elsewhere && !known.Elsewhere || entry.Locals.Except(known.Locals).Any();

    List<StackEntry> Step(Instruction i)
    {
        var stack = new List<StackEntry>(i.Stack!);
        StackEntry Pop() { var top = stack[^1]; stack.RemoveAt(stack.Count - 1); return top; }
        void Drop(int count) => stack.RemoveRange(stack.Count - count, count);
        void Push(Type type) => stack.Add(new(OnStack(type)));
        void Field(StackEntry of) => stack.Add(of with { Type = ((FieldInfo)i.Operand!).FieldType.MakeByRefType() });

        string name = i.OpCode.Name!;
        switch (name)
        {
            case "nop" or "break" or "br" or "ret" or "neg" or "not": break;
            case "dup": stack.Add(stack[^1]); break;
            case "pop" or "brtrue" or "brfalse" or "switch" or "initobj" or "stsfld": Drop(1); break;
            case "stloc": _grown |= ((Variable)i.Operand!).MayPointTo(Pop()); break;
            case "ldloc":
                var read = (Variable)i.Operand!;
                stack.Add(new(OnStack(read.Type), [.. read.Targets], read.PointsElsewhere));
                break;
            case "ldloca":
                var addressed = (Variable)i.Operand!;
                stack.Add(new(addressed.Type.MakeByRefType(), [addressed], false));
                break;
            case "ldc.i4" or "sizeof": Push(typeof(int)); break;
            case "ldc.i8": Push(typeof(long)); break;
            case "ldc.r4": Push(typeof(float)); break;
            case "ldc.r8": Push(typeof(double)); break;
            case "ceq" or "cgt" or "cgt.un" or "clt" or "clt.un": Drop(2); Push(typeof(int)); break;
            case "shl" or "shr" or "shr.un": Drop(1); break;
            case "ldobj": Drop(1); Push((Type)i.Operand!); break;
            case "stobj" or "stfld": Drop(2); break;
            case "ldsfld": Push(((FieldInfo)i.Operand!).FieldType); break;
            case "ldsflda": Push(((FieldInfo)i.Operand!).FieldType.MakeByRefType()); break;
            case "ldfld": Drop(1); Push(((FieldInfo)i.Operand!).FieldType); break;
            case "ldflda": Field(Pop()); break;
            case "newobj":
                Drop(((MethodBase)i.Operand!).GetParameters().Length);
                Push(((MethodBase)i.Operand).DeclaringType!);
                break;
            case "call" or "callvirt": Call((MethodBase)i.Operand!, stack); break;
            default:
                if (name.StartsWith("ldind.", StringComparison.Ordinal)) { Drop(1); Push(Pointee(i.OpCode)); }
                else if (name.StartsWith("stind.", StringComparison.Ordinal)) Drop(2);
                else if (name.StartsWith("conv.", StringComparison.Ordinal)) { Drop(1); Push(Converted(name)); }
                else if (i.OpCode.FlowControl == FlowControl.Cond_Branch) Drop(2);
                else if (name.Split('.')[0] is "add" or "sub" or "mul" or "div" or "rem" or "and" or "or" or "xor") { var b = Pop(); stack.Add(Arithmetic(Pop(), b)); }
                else throw new RefusedKernelException(_il.Method, i.Offset, $"the IL instruction {name}");
                break;
        }
        return stack;
    }

    static void Call(MethodBase callee, List<StackEntry> stack)
    {
        int count = callee.GetParameters().Length + (callee.IsStatic ? 0 : 1);
        var arguments = stack.GetRange(stack.Count - count, count);
        stack.RemoveRange(stack.Count - count, count);
        if (callee is not MethodInfo { ReturnType: var type } || type == typeof(void)) return;
        // A reference that comes back may be one that went in, except from the vocabulary: it returns device memory.
        bool may = type.IsByRef && !Vocabulary.Declares(callee);
        stack.Add(new(OnStack(type), may ? [.. arguments.SelectMany(a => a.Locals).Distinct()] : [], type.IsByRef));
    }

    static StackEntry Arithmetic(StackEntry a, StackEntry b) =>
        a.Type.IsByRef ? a : b.Type.IsByRef ? b : a.Type == typeof(nint) || b.Type == typeof(nint) ? new(typeof(nint)) : a;

    static Type Converted(string name) => name switch
    {
        "conv.i8" or "conv.u8" => typeof(long),
        "conv.r4" => typeof(float),
        "conv.r8" or "conv.r.un" => typeof(double),
        "conv.i" or "conv.u" => typeof(nint),
        _ => typeof(int),
    };

    /// <summary>What an <c>ldind</c> or <c>stind</c> moves.</summary>
    public static Type Pointee(OpCode op) => op.Name![6..] switch
    {
        "i1" => typeof(sbyte),
        "u1" => typeof(byte),
        "i2" => typeof(short),
        "u2" => typeof(ushort),
        "i4" => typeof(int),
        "u4" => typeof(uint),
        "i8" => typeof(long),
        "r4" => typeof(float),
        "r8" => typeof(double),
        "i" => typeof(nint),
        _ => typeof(object),
    };

    /// <summary>The type a value of the given type has on the stack.</summary>
    public static Type OnStack(Type type)
    {
        if (type.IsEnum) type = type.GetEnumUnderlyingType();
        if (type.IsPointer || type == typeof(nuint)) return typeof(nint);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char or TypeCode.UInt32 => typeof(int),
            TypeCode.UInt64 => typeof(long),
            _ => type,
        };
    }
}
