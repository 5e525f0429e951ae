using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>One instruction of a body, its tokens resolved and its short form widened.</summary>
/// <remarks>
/// <see cref="Operand"/> is a <see cref="Variable"/>, Type, FieldInfo, MethodBase, a number, an Instruction (branch) or
/// Instruction[] (switch). Arguments and locals are alike: ldarg reads as ldloc, starg as stloc, ldarga as ldloca.
/// </remarks>
public class Instruction(OpCode opCode, object? operand = null)
{
    public OpCode OpCode { get; } = opCode;
    public object? Operand { get; internal set; } = operand;

    /// <summary>The type of a <c>constrained.</c> prefix.</summary>
    public Type? Constrained { get; internal init; }

    /// <summary>Where it stood in the body it was read from; −1 for one that a rewriter added.</summary>
    public int Offset { get; internal init; } = -1;

    /// <summary>The stack before it, bottom first, once <see cref="StackInference"/> has run; null if nothing leads here.</summary>
    public IReadOnlyList<StackEntry>? Stack { get; internal set; }

    /// <summary>Control never goes on to the next instruction.</summary>
    public bool EndsFlow => OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw;

    public IReadOnlyList<Instruction> Targets => Operand switch { Instruction target => [target], Instruction[] targets => targets, _ => [] };

    public override string ToString() => $"IL_{Offset:x4} {OpCode.Name} {Operand}";
}

/// <summary>What is known of a value on the evaluation stack.</summary>
/// <param name="Type">As the stack holds it: small integers, unsigned and bool are int, ulong is long, pointers are nint.</param>
/// <param name="Locals">For an address: the variables it may point into.</param>
/// <param name="Elsewhere">For an address: it may point to something that is no variable, such as device memory.</param>
public readonly record struct StackEntry(Type Type, IReadOnlyCollection<Variable> Locals, bool Elsewhere)
{
    public StackEntry(Type type) : this(type, [], type.IsByRef) { }

    /// <summary>Surely an address inside some variable of the method.</summary>
    public bool IsLocalAddress => Locals.Count > 0 && !Elsewhere;
}
