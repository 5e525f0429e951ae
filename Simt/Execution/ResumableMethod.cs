using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace IlgpuXai.Simt;

/// <summary>Runs a thread up to its next yield, whose number it returns; 0 when the thread has left the kernel. Bound to its group.</summary>
unsafe delegate int Step(ThreadFrame* thread);

/// <summary>
/// Second half of the rewriter: turns flattened code into one method that a thread can leave at every yield and enter again.
/// </summary>
/// <remarks>
/// The method begins with a switch over the frame's state. At a yield it saves the variables that are live behind it,
/// notes the yield's number as the state and returns it; behind the label of that number it loads them again. Between
/// yields variables are ordinary IL locals, so the JIT keeps them in registers. A parameter that nothing can have changed
/// is read again from the launch instead of being saved. A variable that a reference points to across a yield lives in the
/// frame for good, so that it never moves.
/// A kernel without yields needs no switch; its method loops over all threads of the group.
/// </remarks>
sealed class ResumableMethod
{
    static readonly FieldInfo ArgumentsField = typeof(GroupRunner).GetField(nameof(GroupRunner.Arguments))!;
    static readonly MethodInfo SpoilLocalMemory = typeof(GroupRunner).GetMethod(nameof(GroupRunner.SpoilLocalMemory))!;

    readonly KernelCode _code;
    readonly bool _autoGrouped;
    readonly Dictionary<YieldInstruction, List<Variable>> _live;
    readonly Dictionary<Variable, int> _frameOffsets = [];
    readonly HashSet<Variable> _inFrame = [], _stored = [], _addressed = [];
    readonly Dictionary<Variable, LocalBuilder> _locals = [];
    readonly int[] _argumentOffsets;
    readonly ILGenerator _il;

    ResumableMethod(KernelCode code, bool autoGrouped)
    {
        _code = code;
        _autoGrouped = autoGrouped;
        _live = Liveness.BehindYields(code);
        _argumentOffsets = new int[code.Parameters.Count];
        ArgumentSizes = code.Parameters.Select(p => ValueTypes.SizeOf(p.Type)).ToArray();
        for (int k = 0; k < _argumentOffsets.Length; k++)
        {
            _argumentOffsets[k] = ArgumentBytes;
            ArgumentBytes += (ArgumentSizes[k] + 15) & ~15;
        }
        FindUses();
        LayOutFrame();
        Method = new DynamicMethod(code.Kernel.Name, typeof(int), [typeof(GroupRunner), typeof(ThreadFrame).MakePointerType()], typeof(ResumableMethod).Module, skipVisibility: true) { InitLocals = false };
        _il = Method.GetILGenerator();
        foreach (var variable in code.Variables.Where(v => !_inFrame.Contains(v))) _locals[variable] = _il.DeclareLocal(variable.Type);
        if (code.Yields.Count == 1) EmitLoop(); else EmitStep();
    }

    public DynamicMethod Method { get; }

    /// <summary>Bytes of a frame before the thread's local memory.</summary>
    public int FrameBytes { get; private set; } = Marshal.SizeOf<ThreadFrame>();

    /// <summary>Bytes of the launch's copy of the arguments, and where each begins and how large it is.</summary>
    public int ArgumentBytes { get; }
    public IReadOnlyList<int> ArgumentSizes { get; }
    public IReadOnlyList<int> ArgumentOffsets => _argumentOffsets;

    public static ResumableMethod Emit(KernelCode code, bool autoGrouped) => new(code, autoGrouped);

    void FindUses()
    {
        for (int k = 0; k < _code.Instructions.Count; k++)
        {
            var i = _code.Instructions[k];
            if (i.Operand is not Variable variable) continue;
            if (i.OpCode == OpCodes.Stloc) _stored.Add(variable);
            // Reading a field through the address right away lets nobody else have it.
            if (i.OpCode == OpCodes.Ldloca && (k + 1 == _code.Instructions.Count || _code.Instructions[k + 1].OpCode != OpCodes.Ldfld)) _addressed.Add(variable);
        }
    }

    void LayOutFrame()
    {
        var across = _live.Values.SelectMany(v => v).Distinct().ToList();
        foreach (var reference in across.Where(v => v.Type.IsByRef)) _inFrame.UnionWith(reference.Targets);
        foreach (var variable in _code.Variables.Where(v => _inFrame.Contains(v) || across.Contains(v) && !IsConstant(v)))
        {
            int size = ValueTypes.SizeOf(variable.Type), alignment = size >= 16 ? 16 : size >= 8 ? 8 : size >= 4 ? 4 : 1;
            _frameOffsets[variable] = (FrameBytes + alignment - 1) & -alignment;
            FrameBytes = _frameOffsets[variable] + size;
        }
        FrameBytes = (FrameBytes + 15) & ~15;
    }

    bool IsConstant(Variable v) => _code.Parameters.Contains(v) && !_stored.Contains(v) && (!_addressed.Contains(v) || ValueTypes.IsReadOnly(v.Type));

    void EmitStep()
    {
        var resume = _code.Yields.Select(_ => _il.DefineLabel()).ToArray();
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldind_I4);      // the state is the frame's first field
        _il.Emit(OpCodes.Switch, resume);
        _il.MarkLabel(resume[0]);
        foreach (var parameter in _code.Parameters) LoadArgument(parameter);
        EmitCode(leave: null, resume);
    }

    void EmitLoop()
    {
        Label next = _il.DefineLabel(), again = _il.DefineLabel();
        foreach (var parameter in _code.Parameters.Where(IsConstant)) LoadArgument(parameter);
        _il.MarkLabel(again);
        if (_code.UsesLocalMemory)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Call, SpoilLocalMemory);
        }
        foreach (var parameter in _code.Parameters.Where(p => !IsConstant(p) || IsAutoIndex(p))) LoadArgument(parameter);
        EmitCode(next, []);
        _il.MarkLabel(next);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Call, IntrinsicTable.Named(nameof(IndexIntrinsics.Advance)));
        _il.Emit(OpCodes.Brtrue, again);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ret);
    }

    void EmitCode(Label? leave, Label[] resume)
    {
        var labels = _code.Instructions.SelectMany(i => i.Targets).Distinct().ToDictionary(i => i, _ => _il.DefineLabel());
        foreach (var i in _code.Instructions)
        {
            if (labels.TryGetValue(i, out var label)) _il.MarkLabel(label);
            if (i is YieldInstruction yield) EmitYield(yield, resume[yield.Number]);
            else if (i.OpCode == OpCodes.Ret) EmitExit(leave);
            else EmitOne(i, labels);
        }
    }

    void EmitExit(Label? leave)
    {
        if (leave is { } label)
        {
            _il.Emit(OpCodes.Br, label);
            return;
        }
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ret);
    }

    void EmitYield(YieldInstruction yield, Label resume)
    {
        var live = _live[yield].Where(v => !_inFrame.Contains(v)).ToList();
        foreach (var variable in live.Where(_frameOffsets.ContainsKey)) Save(variable);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldc_I4, yield.Number);
        _il.Emit(OpCodes.Stind_I4);
        _il.Emit(OpCodes.Ldc_I4, yield.Number);
        _il.Emit(OpCodes.Ret);
        _il.MarkLabel(resume);
        foreach (var variable in live) if (_frameOffsets.ContainsKey(variable)) Restore(variable); else LoadArgument(variable);
    }

    void EmitOne(Instruction i, Dictionary<Instruction, Label> labels)
    {
        switch (i.Operand)
        {
            case null: _il.Emit(i.OpCode); break;
            case Variable v when _inFrame.Contains(v): EmitInFrame(i.OpCode, v); break;
            case Variable v: _il.Emit(i.OpCode, _locals[v]); break;
            case Instruction target: _il.Emit(i.OpCode, labels[target]); break;
            case Instruction[] targets: _il.Emit(i.OpCode, targets.Select(t => labels[t]).ToArray()); break;
            case MethodInfo method: _il.Emit(i.OpCode, method); break;
            case ConstructorInfo constructor: _il.Emit(i.OpCode, constructor); break;
            case FieldInfo field: _il.Emit(i.OpCode, field); break;
            case Type type: _il.Emit(i.OpCode, type); break;
            case int value: _il.Emit(i.OpCode, value); break;
            case long value: _il.Emit(i.OpCode, value); break;
            case float value: _il.Emit(i.OpCode, value); break;
            case double value: _il.Emit(i.OpCode, value); break;
            default: throw new InvalidOperationException($"{MethodNames.Of(_code.Kernel)}: {i}");
        }
    }

    void EmitInFrame(OpCode op, Variable v)
    {
        if (op != OpCodes.Stloc)
        {
            FrameAddress(v);
            if (op == OpCodes.Ldloc) _il.Emit(OpCodes.Ldobj, v.Type);
            return;
        }
        var value = _il.DeclareLocal(v.Type);
        _il.Emit(OpCodes.Stloc, value);
        FrameAddress(v);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Stobj, v.Type);
    }

    void LoadArgument(Variable parameter)
    {
        if (_inFrame.Contains(parameter)) FrameAddress(parameter);
        if (IsAutoIndex(parameter))
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Call, IntrinsicTable.Named(nameof(IndexIntrinsics.AutoIndex)));
        }
        else
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, ArgumentsField);
            _il.Emit(OpCodes.Ldc_I4, _argumentOffsets[_code.Parameters.ToList().IndexOf(parameter)]);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Ldobj, parameter.Type);
        }
        if (_inFrame.Contains(parameter)) _il.Emit(OpCodes.Stobj, parameter.Type); else _il.Emit(OpCodes.Stloc, _locals[parameter]);
    }

    bool IsAutoIndex(Variable parameter) => _autoGrouped && parameter == _code.Parameters[0];

    void FrameAddress(Variable v)
    {
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldc_I4, _frameOffsets[v]);
        _il.Emit(OpCodes.Add);
    }

    void Save(Variable v)
    {
        FrameAddress(v);
        _il.Emit(OpCodes.Ldloc, _locals[v]);
        if (!v.Type.IsByRef)
        {
            _il.Emit(OpCodes.Stobj, v.Type);
            return;
        }
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Call, IntrinsicTable.Named(nameof(MemoryIntrinsics.Kept)));
        _il.Emit(OpCodes.Stind_I);
    }

    void Restore(Variable v)
    {
        FrameAddress(v);
        if (v.Type.IsByRef) _il.Emit(OpCodes.Ldind_I); else _il.Emit(OpCodes.Ldobj, v.Type);
        _il.Emit(OpCodes.Stloc, _locals[v]);
    }
}
