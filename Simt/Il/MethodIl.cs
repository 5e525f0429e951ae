using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>A method's body as instructions. Works on closed generic methods, which is what kernels are when they are launched.</summary>
public sealed class MethodIl
{
    static readonly Dictionary<short, OpCode> ByValue = AllOpCodes().ToDictionary(op => op.Value);
    static readonly Dictionary<string, OpCode> ByName = AllOpCodes().ToDictionary(op => op.Name!);

    readonly byte[] _il;
    readonly Module _module;
    readonly Type[]? _typeArguments, _methodArguments;
    readonly List<Instruction> _instructions = [];

    MethodIl(MethodBase method, Variable[] arguments, MethodBody body)
    {
        Method = method;
        Arguments = arguments;
        Locals = body.LocalVariables.Select(local => new Variable(local.LocalType, $"local{local.LocalIndex}")).ToArray();
        _il = body.GetILAsByteArray()!;
        _module = method.Module;
        _typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        _methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
    }

    public MethodBase Method { get; }

    /// <summary>The parameters, with `this` in front for an instance method.</summary>
    public IReadOnlyList<Variable> Arguments { get; }
    public IReadOnlyList<Variable> Locals { get; }
    public IReadOnlyList<Instruction> Instructions => _instructions;

    /// <summary>Reads a body. Refused: a method without one, and try blocks.</summary>
    /// <param name="arguments">The variables that stand for the arguments; new ones if null.</param>
    public static MethodIl Read(MethodBase method, Variable[]? arguments = null)
    {
        var body = method.GetMethodBody() ?? throw new RefusedKernelException(method, -1, "a method without a body");
        if (body.ExceptionHandlingClauses.Count > 0) throw new RefusedKernelException(method, 0, "a try block: a device knows no exceptions");
        var read = new MethodIl(method, arguments ?? ArgumentsOf(method), body);
        read.Decode();
        return read;
    }

    /// <summary>New variables for the arguments of a method.</summary>
    public static Variable[] ArgumentsOf(MethodBase method)
    {
        var parameters = method.GetParameters().Select(p => new Variable(p.ParameterType, p.Name ?? ""));
        return method.IsStatic ? [.. parameters] : [new Variable(method.DeclaringType!.MakeByRefType(), "this"), .. parameters];
    }

    void Decode()
    {
        var at = new Dictionary<int, Instruction>();
        Type? constrained = null;
        int start = 0;
        for (int position = 0; position < _il.Length;)
        {
            var op = _il[position] == 0xfe ? ByValue[(short)(0xfe00 | _il[position + 1])] : ByValue[_il[position]];
            object? operand = Operand(op, position + op.Size, out int next);
            if (op == OpCodes.Constrained) constrained = (Type)operand!;
            else if (op != OpCodes.Tailcall && op != OpCodes.Readonly)
            {
                (op, operand) = Widened(op, operand);
                at[start] = new Instruction(op, operand) { Offset = start, Constrained = constrained };
                _instructions.Add(at[start]);
                constrained = null;
                start = next;      // a prefix has its offset from the prefix on: branches lead there
            }
            position = next;
        }
        foreach (var i in _instructions)
            i.Operand = i.Operand switch
            {
                BranchTo(var offset) => at[offset],
                BranchTo[] targets => targets.Select(t => at[t.Offset]).ToArray(),
                var other => other,
            };
    }

    readonly record struct BranchTo(int Offset);

    object? Operand(OpCode op, int position, out int next)
    {
        int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_il.AsSpan(at));
        long Int64(int at) => BinaryPrimitives.ReadInt64LittleEndian(_il.AsSpan(at));
        next = position + op.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineBrTarget => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + 4 * Int32(position),
            _ => 4,
        };
        int end = next;
        return op.OperandType switch
        {
            OperandType.InlineNone => null,
            OperandType.ShortInlineI => (int)(sbyte)_il[position],
            OperandType.InlineI => Int32(position),
            OperandType.InlineI8 => Int64(position),
            OperandType.ShortInlineR => BitConverter.Int32BitsToSingle(Int32(position)),
            OperandType.InlineR => BitConverter.Int64BitsToDouble(Int64(position)),
            OperandType.ShortInlineVar => (int)_il[position],
            OperandType.InlineVar => (int)BinaryPrimitives.ReadUInt16LittleEndian(_il.AsSpan(position)),
            OperandType.ShortInlineBrTarget => new BranchTo(end + (sbyte)_il[position]),
            OperandType.InlineBrTarget => new BranchTo(end + Int32(position)),
            OperandType.InlineSwitch => Enumerable.Range(1, Int32(position)).Select(k => new BranchTo(end + Int32(position + 4 * k))).ToArray(),
            OperandType.InlineMethod => _module.ResolveMethod(Int32(position), _typeArguments, _methodArguments),
            OperandType.InlineField => _module.ResolveField(Int32(position), _typeArguments, _methodArguments),
            OperandType.InlineType => _module.ResolveType(Int32(position), _typeArguments, _methodArguments),
            _ => Int32(position),      // a string, signature or token: refused by name later
        };
    }

    (OpCode, object?) Widened(OpCode op, object? operand)
    {
        string name = op.Name!;
        string stem = name.Split('.')[0];
        if (stem is "ldarg" or "ldloc" or "stloc" or "starg" or "ldarga" or "ldloca")
        {
            int index = operand as int? ?? name[^1] - '0';
            var variable = stem.Contains("arg", StringComparison.Ordinal) ? Arguments[index] : Locals[index];
            return (stem.EndsWith('a') ? OpCodes.Ldloca : stem.StartsWith("ld", StringComparison.Ordinal) ? OpCodes.Ldloc : OpCodes.Stloc, variable);
        }
        if (stem == "ldc" && name.StartsWith("ldc.i4", StringComparison.Ordinal))
            return (OpCodes.Ldc_I4, operand ?? (name.EndsWith('1') && name.Contains('m') ? -1 : name[^1] - '0'));
        return op.OperandType == OperandType.ShortInlineBrTarget ? (ByName[name[..^2]], operand) : (op, operand);
    }

    static IEnumerable<OpCode> AllOpCodes() =>
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<OpCode>();
}
