using System.Reflection;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Calls: members of views and indices become expressions, the rest of the vocabulary intrinsics, other methods helpers.</summary>
sealed class CallImporter(Function function, EvaluationStack stack, Purity purity)
{
    public void Import(Instruction i)
    {
        var method = CallResolver.Resolve(function.Method, i);
        bool isNew = i.OpCode == System.Reflection.Emit.OpCodes.Newobj;
        var infos = method.GetParameters();
        int skip = method.IsStatic || isNew ? 0 : 1;
        var arguments = stack.Pop(infos.Length + skip);
        for (int p = 0; p < infos.Length; p++) arguments[p + skip] = Arithmetic.Typed(arguments[p + skip], infos[p].ParameterType);
        if (KnownMethods.Find(method) is { } known) Known(known, method, arguments, isNew, i);
        else if (method.IsConstructor) Construct(method, arguments, isNew);
        else if (ConstantMethods.Find(method) is { } constant) stack.Push(constant);
        else if (CNames.BackingField(method) is { } field) stack.Push(Places.Member(arguments[0], field));
        else CallHelper(method, infos, arguments, skip);
    }

    void Construct(MethodBase method, Expr[] arguments, bool isNew)
    {
        var made = new Call(new(method, purity.IsPure(method)), isNew ? arguments : arguments[1..], CTypes.Storage(method.DeclaringType!));
        if (isNew) stack.Result(made);
        else stack.Assign(Places.Value(arguments[0]), made);
    }

    void CallHelper(MethodBase method, ParameterInfo[] infos, Expr[] arguments, int skip)
    {
        if (skip == 1 && purity.TakesThisByValue(method)) arguments[0] = Places.Value(arguments[0]);
        for (int p = 0; p < infos.Length; p++)
            if (infos[p].IsIn) arguments[p + skip] = Places.Value(arguments[p + skip]);
        foreach (var a in arguments) EvaluationStack.Expose(a);
        stack.Result(new Call(new(method, purity.IsPure(method)), arguments, CTypes.Storage(((MethodInfo)method).ReturnType)));
    }

    void Known(string known, MethodBase method, Expr[] a, bool isNew, Instruction i)
    {
        var returns = method is MethodInfo info ? CTypes.Storage(info.ReturnType) : CTypes.Storage(method.DeclaringType!);
        switch (known)
        {
            case "View.Item": stack.Push(new AddressOf(new Element(Places.Value(a[0]), a[1], returns.GetElementType()!))); return;
            case "View.Length" or "View.IntLength" or "View.Extent" or "View.IntExtent": stack.Push(new LengthOf(Places.Value(a[0]), returns)); return;
            case "View.LengthInBytes": stack.Push(Arithmetic.Operate("mul", new LengthOf(Places.Value(a[0]), returns), new Constant((long)CTypes.SizeOf(Views.Element(Places.Value(a[0]).Type)), returns))); return;
            case "View.ElementSize": stack.Push(Constant.Int(CTypes.SizeOf(Views.Element(method.DeclaringType!)))); return;
            case "View.SubView": stack.Push(new Slice(Places.Value(a[0]), a[1], a.Length > 2 ? a[2] : null)); return;
            case "View.Cast": stack.Push(new CastView(Places.Value(a[0]), returns)); return;
            case "View.op_Implicit" or "View.BaseView" or "View.AsContiguous" or "View.AsDense": stack.Push(Places.Value(a[0])); return;
            case "View.IsValid": stack.Push(new Intrinsic(known, [Places.Value(a[0])], typeof(bool))); return;
            case ['V', 'i', 'e', 'w', '.', ..]: throw new RefusedKernelException(function.Method, i.Offset, $"{MethodNames.Of(method)}: views are indexed, measured, cut and cast only");
            case "Index.Same":
                if (method.IsConstructor && !isNew) stack.Assign(Places.Value(a[0]), a[1]);
                else stack.Push(Arithmetic.Typed(Places.Value(a[0]), returns));
                return;
            case ['I', 'n', 'd', 'e', 'x', '.', ..]: stack.Push(Arithmetic.Operate(known[9..12].ToLowerInvariant(), a[0], a[1])); return;
            case "Number.CreateTruncating": stack.Push(Arithmetic.ConvertTo(Arithmetic.Suffix(returns), a[0], toFloat32: false)); return;
            case "Specialised.Value": stack.Push(Places.Member(a[0], CTypes.Fields(method.DeclaringType!)[0])); return;
            case "Interop.SizeOf": stack.Push(Constant.Int(CTypes.SizeOf(method.GetGenericArguments()[0]))); return;
            case "Bits.PopCount" or "Bits.LeadingZeroCount" or "Bits.TrailingZeroCount": stack.Push(new Intrinsic(known, [Bits(a[0])], typeof(int))); return;
            case "SharedMemory.Allocate" or "SharedMemory.Allocate1D" or "LocalMemory.Allocate" or "LocalMemory.Allocate1D": Allocate(known, returns, a, i); return;
            case "SharedMemory.GetDynamic": Dynamic(returns, i); return;
        }
        if (ThreadIndex.Find(known) is { } index)
        {
            stack.Push(index);
            return;
        }
        foreach (var argument in a) EvaluationStack.Expose(argument);
        if (known is "Group.Broadcast" or "Group.BarrierAnd" or "Group.BarrierOr" or "Group.BarrierPopCount") a = [.. a, Slot(known == "Group.Broadcast" ? returns : typeof(int), i)];
        stack.Result(new Intrinsic(known, a, returns, KnownMethods.IsImpure(known)));
    }

    static Expr Bits(Expr e) => Arithmetic.Typed(e, e.Type == typeof(long) || e.Type == typeof(ulong) ? typeof(ulong) : typeof(uint));

    void Allocate(string known, Type returns, Expr[] a, Instruction i)
    {
        bool isShared = known[0] == 'S', isSingle = returns.IsByRef;
        if (!isSingle && a is not [Constant]) throw new RefusedKernelException(function.Method, i.Offset, $"{(isShared ? "shared" : "local")} memory of a size that is no constant");
        int length = isSingle ? 1 : Convert.ToInt32(((Constant)a[0]).Value);
        var element = isSingle ? returns.GetElementType()! : Views.Element(returns);
        var array = NewArray(isShared, element, length, i);
        var view = new ArrayOf(array, isSingle ? typeof(ILGPU.ArrayView<>).MakeGenericType(element) : returns);
        stack.Push(isSingle ? new AddressOf(new Element(view, Constant.Int(0), element)) : view);
    }

    Local NewArray(bool isShared, Type element, int length, Instruction i)
    {
        if (isShared) RequireKernel(i, "allocates shared memory");
        var array = new Local(isShared ? "shared" : "array", element) { ArrayLength = length, Space = new(isShared ? Space.Shared : Space.Private) };
        function.Arrays.Add(array);
        return array;
    }

    // Votes and broadcasts pass through one shared value where the hardware has no instruction for them.
    ArrayOf Slot(Type type, Instruction i)
    {
        var array = NewArray(true, type, 1, i);
        array.Name = "exchange";
        return new(array, typeof(ILGPU.ArrayView<>).MakeGenericType(type));
    }

    void Dynamic(Type returns, Instruction i)
    {
        RequireKernel(i, "asks for dynamic shared memory");
        function.UsesDynamicShared = true;
        stack.Push(new DynamicShared(returns));
    }

    void RequireKernel(Instruction i, string what)
    {
        if (!function.IsKernel) throw new RefusedKernelException(function.Method, i.Offset, $"a helper that {what}: the kernel does, and passes it");
    }
}
