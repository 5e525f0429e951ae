using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>IL → blocks of statements over expression trees.</summary>
sealed class Importer
{
    readonly Function _function;
    readonly MethodIl _il;
    readonly IReadOnlyList<Instruction> _code;
    readonly Dictionary<Variable, Local> _arguments = [];
    readonly Dictionary<Instruction, Local> _locals;
    readonly Dictionary<int, (Block Block, int End)> _blocks = [];       // by the position of the first instruction
    readonly Dictionary<Instruction, int> _position;
    readonly Dictionary<int, List<(Block From, Expr[] Stack)>> _arrivals = [];
    readonly EvaluationStack _stack = new();
    readonly CallImporter _calls;

    Importer(Function function, Space[]? spaces, Purity purity, IReadOnlyDictionary<int, object> constants)
    {
        _function = function;
        _il = MethodIl.Read(function.Method);
        _code = _il.Instructions;
        _position = _code.Select((i, k) => (i, k)).ToDictionary(x => x.i, x => x.k);
        _calls = new CallImporter(function, _stack, purity);
        foreach (var i in _code) Refusals.Check(function.Method, i);
        StackInference.Run(_il);
        DeclareParameters(spaces, purity, constants);
        _locals = Webs.Split(_il);
    }

    /// <param name="spaces">For a helper, where its references and views point, by argument; null for a kernel.</param>
    /// <param name="constants">For a kernel, the parameters whose values are compiled in.</param>
    public static void Import(Function function, Space[]? spaces, Purity purity, IReadOnlyDictionary<int, object> constants)
    {
        try
        {
            new Importer(function, spaces, purity, constants).Run();
        }
        catch (Exception e) when (e is not RefusedKernelException)
        {
            throw new RefusedKernelException(function.Method, 0, $"what the translator does not know ({e.Message})");
        }
    }

    void DeclareParameters(Space[]? spaces, Purity purity, IReadOnlyDictionary<int, object> constants)
    {
        var method = _il.Method;
        _function.Returns = method is MethodInfo { ReturnType: var returns } ? CTypes.Storage(returns) : CTypes.Storage(method.DeclaringType!);
        if (method.IsConstructor)
        {
            _function.Built = new Local("made", _function.Returns) { IsAssigned = true };
            _arguments[_il.Arguments[0]] = _function.Built;
        }
        var infos = method.GetParameters();
        int skip = method.IsStatic ? 0 : 1;
        for (int k = method.IsConstructor ? 1 : 0; k < _il.Arguments.Count; k++)
        {
            var declared = _il.Arguments[k].Type;
            bool isThis = k < skip;
            bool byValue = isThis ? purity.TakesThisByValue(method) : infos[k - skip].IsIn;
            var type = CTypes.Storage(byValue ? declared.GetElementType()! : declared);
            var local = new Local(isThis ? "self" : CNames.Clean(infos[k - skip].Name ?? $"p{k}"), type) { IsParameter = true };
            if (type.IsByRef || Views.Is(type)) local.Space = new(spaces is null ? Space.Global : spaces[k - (method.IsConstructor ? 1 : 0)]);
            _function.Parameters.Add(local);
            _arguments[_il.Arguments[k]] = local;
            if (!_code.Any(i => i.Operand == (object)_il.Arguments[k] && (i.OpCode == OpCodes.Stloc || i.OpCode == OpCodes.Ldloca && !Views.Is(type)))) _unchanging.Add(local);
            if (!isThis && constants.TryGetValue(k - skip, out object? value)) _constants[local] = CTypes.Literal(value);
        }
    }

    readonly Dictionary<Local, Expr> _constants = [];

    /// <summary>Parameters that are what they were at the call, throughout.</summary>
    readonly HashSet<Local> _unchanging = [];

    void Run()
    {
        FindBlocks();
        var work = new SortedSet<int> { 0 };
        var done = new HashSet<int>();
        _arrivals[0] = [];
        while (work.Count > 0)
        {
            int first = work.Min;
            work.Remove(first);
            if (!done.Add(first)) continue;
            ImportBlock(first);
            foreach (int next in SuccessorsOf(first)) if (!done.Contains(next)) work.Add(next);
        }
        _function.Blocks = [.. done.Order().Select(k => _blocks[k].Block)];
    }

    void FindBlocks()
    {
        var leaders = new SortedSet<int> { 0 };
        for (int k = 0; k < _code.Count; k++)
        {
            foreach (var target in _code[k].Targets) leaders.Add(_position[target]);
            if ((_code[k].Targets.Count > 0 || _code[k].EndsFlow) && k + 1 < _code.Count) leaders.Add(k + 1);
        }
        int[] all = [.. leaders, _code.Count];
        for (int b = 0; b + 1 < all.Length; b++) _blocks[all[b]] = (new Block(b), all[b + 1]);
    }

    IEnumerable<int> SuccessorsOf(int first)
    {
        int end = _blocks[first].End;
        var last = _code[end - 1];
        var targets = last.Targets.Select(t => _position[t]);
        return (last.EndsFlow ? targets : targets.Append(end)).Distinct();
    }

    Block BlockAt(Instruction i) => _blocks[_position[i]].Block;

    void ImportBlock(int first)
    {
        var (block, end) = _blocks[first];
        _stack.Begin(block, Meet(first));
        for (int k = first; k < end; k++) Import(_code[k], k);
        if (block.Exit is not null) return;
        Flow(end);
        block.Exit = new Jump(_blocks[end].Block);
    }

    /// <summary>The stack at the start of a block: as it came where all paths bring the same, else through variables.</summary>
    Expr[] Meet(int first)
    {
        var arrivals = _arrivals[first];
        if (arrivals.Count == 0) return [];
        var entries = arrivals[0].Stack.ToArray();
        if (arrivals.Count == 1) return entries;
        for (int slot = 0; slot < entries.Length; slot++)
        {
            Expr[] values = [.. arrivals.Select(a => a.Stack[slot])];
            if (values.All(v => v == values[0])) continue;
            var merge = new Local("t", MergedType(values)) { IsTemporary = true, IsMerge = true, IsAssigned = true };
            for (int a = 0; a < arrivals.Count; a++) arrivals[a].From.Body.Add(new Assign(new Read(merge), Arithmetic.Typed(values[a], merge.Type)));
            entries[slot] = new Read(merge);
        }
        return entries;
    }

    // A condition arrives as bool from one path and as 0 or 1 from another; small numbers meet as int, as do numbers of both signs.
    static Type MergedType(Expr[] values)
    {
        var types = values.Where(v => v is not Constant { IsInteger: true }).Select(v => v.Type).Distinct().ToList();
        if (types.Count == 0) types = [.. values.Select(v => v.Type).Distinct()];
        if (types is [var only] && only == typeof(bool) && values.All(v => v.Type == only || v is Constant { Value: 0 or 1 })) return only;
        var type = Arithmetic.Promote(types[0]);
        return types.Count > 1 && type == typeof(uint) ? typeof(int) : type;
    }

    /// <summary>Hands the stack on.</summary>
    void Flow(params int[] targets)
    {
        if (_stack.Entries.Count == 0)
        {
            foreach (int t in targets) _arrivals.TryAdd(t, []);
            return;
        }
        // One value for every path, and one that nothing changes before it is used.
        _stack.Spill(e => e is not (Constant or Read { Local.IsTemporary: true, Local.IsMerge: false }) && !(e is Read r && _unchanging.Contains(r.Local)));
        foreach (int t in targets.Distinct())
        {
            if (_blocks[t].Block.Exit is not null) throw new RefusedKernelException(_il.Method, _code[t].Offset, "a loop that is entered with values on the stack");
            if (!_arrivals.TryGetValue(t, out var list)) _arrivals[t] = list = [];
            list.Add((_stack.Block, [.. _stack.Entries]));
        }
    }

    Local LocalOf(Instruction i) => _arguments.TryGetValue((Variable)i.Operand!, out var argument) ? argument : _locals[i];

    void Import(Instruction i, int k)
    {
        string name = i.OpCode.Name!;
        string stem = name.Split('.')[0];
        switch (stem)
        {
            case "nop" or "break": return;
            case "dup": Duplicate(); return;
            case "pop": _stack.Pop(); return;
            case "ldloc": _stack.Push(Load(LocalOf(i))); return;
            case "ldloca": TakeAddress(LocalOf(i)); return;
            case "stloc":
                var stored = LocalOf(i);
                _stack.Assign(new Read(stored), Arithmetic.Typed(_stack.Pop(), stored.Type));
                return;
            case "ldc": _stack.Push(new Constant(i.Operand!, i.Operand!.GetType())); return;
            case "sizeof": _stack.Push(Constant.Int(CTypes.SizeOf((Type)i.Operand!))); return;
            case "ldfld": _stack.Push(Places.Member(_stack.Pop(), (FieldInfo)i.Operand!)); return;
            case "ldflda": _stack.Push(Places.Address(Places.Member(_stack.Pop(), (FieldInfo)i.Operand!))); return;
            case "stfld":
                var fieldValue = _stack.Pop();
                Store(Places.Member(_stack.Pop(), (FieldInfo)i.Operand!), fieldValue);
                return;
            case "ldsfld": _stack.Push(StaticValue((FieldInfo)i.Operand!)); return;
            case "ldsflda": _stack.Push(Places.Address(_stack.Keep(StaticValue((FieldInfo)i.Operand!)))); return;
            case "ldind" or "ldobj": _stack.Push(Places.Value(_stack.Pop())); return;
            case "stind" or "stobj":
                var value = _stack.Pop();
                var reference = _stack.Pop();
                Store(Places.Value(reference), value);
                return;
            case "initobj":
                var initialised = Places.Value(_stack.Pop());
                Store(initialised, CTypes.Zero(initialised.Type));
                return;
            case "call" or "callvirt" or "newobj": _calls.Import(i); return;
            case "ceq" or "cgt" or "clt": { var b = _stack.Pop(); _stack.Push(Arithmetic.Compare(name, _stack.Pop(), b)); return; }
            case "add" or "sub" or "mul" or "div" or "rem" or "and" or "or" or "xor" or "shl" or "shr": { var b = _stack.Pop(); _stack.Push(Arithmetic.Operate(name, _stack.Pop(), b)); return; }
            case "neg" or "not": Negate(stem); return;
            case "conv": _stack.Push(Arithmetic.ConvertTo(name[5..], _stack.Pop(), k + 1 < _code.Count && _code[k + 1].OpCode == OpCodes.Conv_R4)); return;
            case "ret": Leave(); return;
            case "br": Flow(_position[i.Targets[0]]); _stack.Block.Exit = new Jump(BlockAt(i.Targets[0])); return;
            case "brtrue": Condition(i, k, Arithmetic.Truth(_stack.Pop())); return;
            case "brfalse": Condition(i, k, Arithmetic.Not(Arithmetic.Truth(_stack.Pop()))); return;
            case "beq" or "bne" or "blt" or "bgt" or "ble" or "bge": { var b = _stack.Pop(); Condition(i, k, Arithmetic.Compare(name, _stack.Pop(), b)); return; }
            case "switch":
                var chosen = _stack.Pop();
                Flow([.. i.Targets.Select(t => _position[t]), k + 1]);
                _stack.Block.Exit = new Switch(Arithmetic.Typed(chosen, Arithmetic.Promote(chosen.Type)), [.. i.Targets.Select(BlockAt)], _blocks[k + 1].Block);
                return;
            default: throw new RefusedKernelException(_il.Method, i.Offset, $"the IL instruction {name}");
        }
    }

    // In a constructor `this` is a reference to what is built.
    Expr Load(Local local) =>
        local == _function.Built ? new AddressOf(new Read(local)) : _constants.TryGetValue(local, out var known) ? known : new Read(local);

    void Condition(Instruction i, int k, Expr condition)
    {
        Flow(_position[i.Targets[0]], k + 1);
        _stack.Block.Exit = new Branch(condition, BlockAt(i.Targets[0]), _blocks[k + 1].Block);
    }

    void Leave()
    {
        var built = _function.Built;
        var value = built is not null ? new Read(built) : _function.Returns == typeof(void) ? null : Arithmetic.Typed(_stack.Pop(), _function.Returns);
        _stack.Block.Exit = new Leave(value);
    }

    void Store(Expr place, Expr value) => _stack.Assign(place, Arithmetic.Typed(value, place.Type));

    // A place is computed once: its index must not be written twice into the text.
    void Duplicate()
    {
        var top = _stack.Pop();
        if (top is AddressOf { Place: Element { View: Read or ArrayOf } e } && !Places.IsSimple(e.At)) top = new AddressOf(e with { At = _stack.Keep(e.At) });
        else if (!Places.IsSimple(top)) top = _stack.Keep(top);
        _stack.Push(top);
        _stack.Push(top);
    }

    void TakeAddress(Local local)
    {
        if (_constants.TryGetValue(local, out var known)) _stack.Push(Places.Address(_stack.Keep(known)));
        else if (Views.Is(local.Type)) _stack.Push(new Read(local));           // its members take it by value
        else if (local.Type.IsByRef) throw new RefusedKernelException(_il.Method, 0, "a reference to a reference");
        else _stack.Push(new AddressOf(new Read(local)));
    }

    void Negate(string stem)
    {
        var a = _stack.Pop();
        var type = Arithmetic.Promote(a.Type);
        _stack.Push(a is Constant { Value: float f } && stem == "neg" ? new Constant(-f, typeof(float)) : new Unary(stem == "neg" ? "-" : "~", a, type));
    }

    static Expr StaticValue(FieldInfo field)
    {
        if (field.DeclaringType is { } owner) RuntimeHelpers.RunClassConstructor(owner.TypeHandle);
        return CTypes.Literal(field.GetValue(null)!);
    }
}
