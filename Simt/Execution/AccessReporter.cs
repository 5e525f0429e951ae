using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>Checked mode: makes every load and store through a reference report itself to the shadow first.</summary>
/// <remarks>
/// Nothing else tells reads from writes behind an indexer that returns a reference, and nothing else is needed: compound
/// assignment, ref locals, ref, in and out parameters and fields of structs all end in these instructions. The address
/// decides at run time which memory is meant. Addresses that surely lie in a variable are left alone.
/// </remarks>
sealed class AccessReporter(KernelCode code)
{
    /// <summary>Writes a reporting version of the instruction; false if the instruction itself must still be written.</summary>
    public bool Replaces(MethodBase method, Instruction i)
    {
        string name = i.OpCode.Name!;
        var stack = i.Stack!;
        if (name is "ldobj" || name.StartsWith("ldind.", StringComparison.Ordinal)) return !stack[^1].IsLocalAddress && Load(method, i);
        if (name is "stobj" || name.StartsWith("stind.", StringComparison.Ordinal)) return !stack[^2].IsLocalAddress && Store(method, i, stack[^2]);
        if (name is "ldfld" && IsDevice(stack[^1]))
        {
            code.Add(OpCodes.Dup);
            code.Add(OpCodes.Ldflda, i.Operand);
            ReportRead(((FieldInfo)i.Operand!).FieldType, code.NewSite(method, i));
        }
        if (name is "stfld" && IsDevice(stack[^2])) StoreField(method, i);
        if (name is "initobj" && IsDevice(stack[^1]))
        {
            code.Add(OpCodes.Dup);
            Report(nameof(AccessIntrinsics.Writes), (Type)i.Operand!, code.NewSite(method, i));
        }
        return false;
    }

    /// <summary>Before an atomic: target and operands are on the stack.</summary>
    public void Atomic(MethodBase method, Instruction i, StackEntry[] arguments)
    {
        if (arguments[0].IsLocalAddress) return;
        var operands = code.Spill(arguments[1..]);
        code.Add(OpCodes.Dup);
        Report(nameof(AccessIntrinsics.Updates), arguments[0].Type.GetElementType()!, code.NewSite(method, i));
        code.Unspill(operands);
    }

    /// <summary>Methods that stay calls although they take a reference: their bodies belong to the framework.</summary>
    public static bool Ignores(MethodBase callee) => callee.DeclaringType?.Assembly == typeof(object).Assembly || callee.GetMethodBody() is null;

    static bool IsDevice(StackEntry entry) => entry.Type.IsByRef && !entry.IsLocalAddress;

    bool Load(MethodBase method, Instruction i)
    {
        var type = i.Operand as Type ?? StackInference.Pointee(i.OpCode);
        int site = code.NewSite(method, i);
        if (ValueTypes.FieldsOfPadded(type) is null)
        {
            Report(nameof(AccessIntrinsics.Load), type, site);
            return true;
        }
        code.Add(OpCodes.Dup);
        ReportRead(type, site);
        code.Add(i.OpCode, i.Operand);
        return true;
    }

    bool Store(MethodBase method, Instruction i, StackEntry target)
    {
        var type = i.Operand as Type ?? (target.Type.IsByRef ? target.Type.GetElementType()! : StackInference.Pointee(i.OpCode));
        Report(nameof(AccessIntrinsics.Store), type, code.NewSite(method, i));
        return true;
    }

    void StoreField(MethodBase method, Instruction i)
    {
        var field = (FieldInfo)i.Operand!;
        var value = code.NewVariable(field.FieldType);
        code.Add(OpCodes.Stloc, value);
        code.Add(OpCodes.Dup);
        code.Add(OpCodes.Ldflda, field);
        Report(nameof(AccessIntrinsics.Writes), field.FieldType, code.NewSite(method, i));
        code.Add(OpCodes.Ldloc, value);
    }

    // Takes the address from the stack. The gaps of a padded struct are never written and nobody reads them: only its fields count.
    void ReportRead(Type type, int site)
    {
        if (ValueTypes.FieldsOfPadded(type) is not { } paths)
        {
            Report(nameof(AccessIntrinsics.Reads), type, site);
            return;
        }
        foreach (var path in paths)
        {
            code.Add(OpCodes.Dup);
            foreach (var field in path) code.Add(OpCodes.Ldflda, field);
            Report(nameof(AccessIntrinsics.Reads), path[^1].FieldType, site);
        }
        code.Add(OpCodes.Pop);
    }

    void Report(string intrinsic, Type type, int site)
    {
        code.Refine(ValueTypes.SizeOf(type));
        code.CallIntrinsic(IntrinsicTable.Access(intrinsic, type), site);
    }
}
