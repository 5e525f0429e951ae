using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>
/// First half of the rewriter: writes a kernel and its helpers into one list of instructions, and replaces the vocabulary by
/// intrinsics that know the running thread.
/// </summary>
/// <remarks>
/// A helper is written in by storing its arguments into fresh variables; its <c>ret</c> becomes a store of the result and a
/// branch to the end. A barrier or exchange becomes <c>X_Send</c>, a yield, and <c>X_Receive</c> if it has a result; whatever
/// lies on the stack below its arguments goes into variables first, because a yield leaves the method.
/// </remarks>
sealed class Flattener
{
    readonly KernelCode _code;
    readonly HelperScan _scan = new();
    readonly AccessReporter? _reporter;

    Flattener(KernelCode code, SimtMode mode)
    {
        _code = code;
        _reporter = mode == SimtMode.Checked ? new AccessReporter(code) : null;
    }

    public static KernelCode Flatten(MethodInfo kernel, SimtMode mode)
    {
        var code = new KernelCode(kernel);
        var flattener = new Flattener(code, mode);
        var parameters = MethodIl.ArgumentsOf(kernel);
        code.SetParameters(parameters);
        flattener._scan.UsesDevice(kernel);
        flattener.Expand(kernel, parameters, null, null);
        return code;
    }

    /// <summary>Writes a method's body; with an end label it is a helper, else the kernel itself.</summary>
    void Expand(MethodBase method, Variable[] arguments, Variable? result, Instruction? end)
    {
        var il = MethodIl.Read(method, arguments);
        if (il.Locals.FirstOrDefault(local => local.Type.IsByRefLike || !local.Type.IsValueType && !local.Type.IsByRef && !local.Type.IsPointer) is { } bad)
            throw new RefusedKernelException(method, 0, $"a local variable of type {MethodNames.Of(bad.Type)}: kernels know value types only");
        _code.Declare(il.Locals);
        StackInference.Run(il);
        var labels = il.Instructions.SelectMany(i => i.Targets).Distinct().ToDictionary(i => i, _ => new Instruction(OpCodes.Nop));
        foreach (var i in il.Instructions)
        {
            if (labels.TryGetValue(i, out var label)) _code.Add(label);
            if (i.Stack is null) continue;
            switch (i.Operand)
            {
                case null when i.OpCode == OpCodes.Ret:
                    Return(result, end);
                    break;
                case MethodBase when i.OpCode == OpCodes.Newobj:
                    New(method, i);
                    break;
                case MethodBase:
                    Call(method, i);
                    break;
                case Instruction target:
                    _code.Add(i.OpCode, labels[target]);
                    break;
                case Instruction[] targets:
                    _code.Add(i.OpCode, targets.Select(t => labels[t]).ToArray());
                    break;
                case FieldInfo constant when i.OpCode == OpCodes.Ldsflda:
                    AddressOfConstant(constant);
                    break;
                default:
                    if (_reporter is null || !_reporter.Replaces(method, i)) _code.Add(i.OpCode, i.Operand);
                    break;
            }
        }
    }

    void Return(Variable? result, Instruction? end)
    {
        if (end is null)
        {
            _code.Add(OpCodes.Ret);
            return;
        }
        if (result is not null) _code.Add(OpCodes.Stloc, result);
        _code.Add(OpCodes.Br, end);
    }

    // The field is readonly, so a copy is as good, and unlike the field it never moves.
    void AddressOfConstant(FieldInfo field)
    {
        var copy = _code.NewVariable(field.FieldType, field.Name);
        _code.Add(OpCodes.Ldsfld, field);
        _code.Add(OpCodes.Stloc, copy);
        _code.Add(OpCodes.Ldloca, copy);
    }

    void Call(MethodBase caller, Instruction i)
    {
        var callee = CallResolver.Resolve(caller, i);
        int count = callee.GetParameters().Length + (callee.IsStatic ? 0 : 1);
        var arguments = i.Stack!.Skip(i.Stack!.Count - count).ToArray();
        if (Vocabulary.Declares(callee)) CallVocabulary(caller, i, callee, arguments);
        else if (MustBeWrittenIn(callee, arguments)) WriteIn(i, callee, arguments);
        else _code.Add(OpCodes.Call, callee);
    }

    // Besides what uses the device: a helper that reads or writes through a reference into device memory, when accesses are reported.
    bool MustBeWrittenIn(MethodBase callee, StackEntry[] arguments) =>
        _scan.UsesDevice(callee) || _reporter is not null && arguments.Any(a => a.Type.IsByRef && !a.IsLocalAddress) && !AccessReporter.Ignores(callee);

    void WriteIn(Instruction i, MethodBase callee, StackEntry[] arguments)
    {
        var parameters = MethodIl.ArgumentsOf(callee);
        foreach (var (parameter, entry) in parameters.Zip(arguments)) parameter.MayPointTo(entry);
        _code.Declare(parameters);
        foreach (var parameter in parameters.Reverse()) _code.Add(OpCodes.Stloc, parameter);
        var below = _code.Spill(i.Stack!.SkipLast(arguments.Length));
        var result = callee is MethodInfo { ReturnType: var type } && type != typeof(void) ? _code.NewVariable(type) : null;
        var end = new Instruction(OpCodes.Nop);
        Expand(callee, parameters, result, end);
        _code.Add(end);
        _code.Unspill(below);
        if (result is not null) _code.Add(OpCodes.Ldloc, result);
    }

    // A constructor that uses the device is a helper whose `this` is a fresh variable.
    void New(MethodBase caller, Instruction i)
    {
        var constructor = (MethodBase)i.Operand!;
        int count = constructor.GetParameters().Length;
        var arguments = i.Stack!.Skip(i.Stack!.Count - count).ToArray();
        if (Vocabulary.Declares(constructor) || !MustBeWrittenIn(constructor, arguments))
        {
            _code.Add(OpCodes.Newobj, constructor);
            return;
        }
        var made = _code.NewVariable(constructor.DeclaringType!);
        var values = _code.Spill(arguments);
        _code.Add(OpCodes.Ldloca, made);
        _code.Unspill(values);
        StackEntry self = new(made.Type.MakeByRefType(), [made], false);
        WriteIn(new Instruction(OpCodes.Call, constructor) { Stack = [.. i.Stack!.SkipLast(count), self, .. arguments] }, constructor, [self, .. arguments]);
        _code.Add(OpCodes.Ldloc, made);
    }

    void CallVocabulary(MethodBase caller, Instruction i, MethodBase callee, StackEntry[] arguments)
    {
        if (callee.DeclaringType == typeof(ILGPU.SharedMemory)) _code.UsesSharedMemory = true;
        if (callee.DeclaringType == typeof(ILGPU.LocalMemory)) _code.UsesLocalMemory = true;
        if (callee.DeclaringType == typeof(ILGPU.Atomic)) _reporter?.Atomic(caller, i, arguments);
        if (IntrinsicTable.Find(callee) is { } plain) _code.CallIntrinsic(plain, _code.NewSite(caller, i));
        else if (IntrinsicTable.FindSend(callee) is { } send) Exchange(caller, i, callee, send, arguments.Length);
        else _code.Add(i.OpCode == OpCodes.Newobj ? OpCodes.Newobj : OpCodes.Call, callee);
    }

    void Exchange(MethodBase caller, Instruction i, MethodBase callee, MethodInfo send, int count)
    {
        if (callee.IsGenericMethod && ValueTypes.SizeOf(callee.GetGenericArguments()[0]) > ThreadFrame.SlotBytes)
            throw new RefusedKernelException(caller, i.Offset, $"{MethodNames.Of(callee)} of a value with more than {ThreadFrame.SlotBytes} bytes");
        int site = _code.NewSite(caller, i);
        _code.CallIntrinsic(send, site);
        var below = _code.Spill(i.Stack!.SkipLast(count));
        _code.Yield(IntrinsicTable.KindOf(callee), site);
        _code.Unspill(below);
        if (IntrinsicTable.FindReceive(callee) is { } receive) _code.CallIntrinsic(receive, site);
    }
}
