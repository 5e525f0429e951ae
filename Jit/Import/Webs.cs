using System.Reflection.Emit;
using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Splits the local slots of a method into the variables that they really hold.</summary>
/// <remarks>
/// The Release compiler reuses a slot for variables with different names, and for views of different address spaces. A web is a set of
/// stores together with all loads that may read them. A slot whose address is taken (other than a view's, whose members are called that way) stays whole.
/// </remarks>
sealed class Webs
{
    readonly MethodIl _il;
    readonly IReadOnlyList<Instruction> _code;
    readonly HashSet<Variable> _slots, _whole = [];
    readonly Dictionary<Instruction, Instruction> _parent = [];
    readonly Dictionary<Instruction, Instruction?> _webOf = [];      // null: the whole slot

    Webs(MethodIl il)
    {
        (_il, _code, _slots) = (il, il.Instructions, [.. il.Locals]);
        foreach (var i in _code)
            if (i.OpCode == OpCodes.Ldloca && SlotOf(i) is { } slot && !Views.Is(slot.Type)) _whole.Add(slot);
    }

    /// <summary>The variable behind each instruction that uses a local slot.</summary>
    public static Dictionary<Instruction, Local> Split(MethodIl il)
    {
        var webs = new Webs(il);
        webs.Flow();
        return webs.Name();
    }

    Variable? SlotOf(Instruction i) => i.Operand is Variable v && _slots.Contains(v) ? v : null;

    Instruction Find(Instruction d)
    {
        while (_parent.TryGetValue(d, out var p) && p != d) d = p;
        return d;
    }

    void Union(Instruction a, Instruction b)
    {
        (a, b) = (Find(a), Find(b));
        if (a != b) _parent[a.Offset > b.Offset ? a : b] = a.Offset > b.Offset ? b : a;
    }

    // Reaching definitions, instruction by instruction, to a fixpoint.
    void Flow()
    {
        var position = _code.Select((i, k) => (i, k)).ToDictionary(x => x.i, x => x.k);
        var entry = new Dictionary<Variable, HashSet<Instruction>>?[_code.Count];
        entry[0] = [];
        var work = new SortedSet<int> { 0 };
        while (work.Count > 0)
        {
            int k = work.Min;
            work.Remove(k);
            var i = _code[k];
            var reaching = entry[k]!;
            if (SlotOf(i) is { } slot)
            {
                if (_whole.Contains(slot)) _webOf[i] = null;
                else if (i.OpCode == OpCodes.Stloc)
                {
                    _webOf[i] = i;
                    reaching = new(reaching) { [slot] = [i] };
                }
                else if (reaching.TryGetValue(slot, out var definitions))
                {
                    var first = definitions.First();
                    foreach (var d in definitions) Union(first, d);
                    _webOf[i] = first;
                }
                else _webOf[i] = null;           // read before any store: a zero of the slot
            }
            foreach (var target in i.Targets) Reach(position[target], reaching);
            if (!i.EndsFlow && k + 1 < _code.Count) Reach(k + 1, reaching);
        }

        void Reach(int k, Dictionary<Variable, HashSet<Instruction>> reaching)
        {
            if (entry[k] is not { } known)
            {
                entry[k] = reaching.ToDictionary(p => p.Key, p => new HashSet<Instruction>(p.Value));
                work.Add(k);
                return;
            }
            bool grown = false;
            foreach (var (slot, definitions) in reaching)
            {
                if (!known.TryGetValue(slot, out var set)) known[slot] = set = [];
                int before = set.Count;
                set.UnionWith(definitions);
                grown |= set.Count != before;
            }
            if (grown) work.Add(k);
        }
    }

    Dictionary<Instruction, Local> Name()
    {
        var names = new LocalNames(_il.Method);
        var slotIndex = _il.Locals.Select((v, k) => (v, k)).ToDictionary(x => x.v, x => x.k);
        var next = _code.Zip(_code.Skip(1)).ToDictionary(p => p.First, p => p.Second.Offset);
        LocalName? NameOf(Instruction i) => names.Find(slotIndex[(Variable)i.Operand!], next.GetValueOrDefault(i, i.Offset), i.Offset);
        // Several webs of one variable of the source are that variable.
        var first = new Dictionary<LocalName, Instruction>();
        foreach (var (i, web) in _webOf.OrderBy(p => p.Key.Offset))
            if (web is not null && NameOf(i) is { } name)
                if (first.TryGetValue(name, out var other)) Union(other, web); else first[name] = web;

        var locals = new Dictionary<object, Local>();
        var result = new Dictionary<Instruction, Local>();
        foreach (var (i, web) in _webOf.OrderBy(p => p.Key.Offset))
        {
            var slot = (Variable)i.Operand!;
            object key = web is null ? slot : Find(web);
            if (!locals.TryGetValue(key, out var local)) locals[key] = local = new("", CTypes.Storage(slot.Type)) { IsAssigned = true };
            if (local.Name == "" && NameOf(i) is { } name) local.Name = CNames.Clean(name.Name);
            result[i] = local;
        }
        foreach (var (i, local) in result)
            if (local.Name == "") (local.Name, local.IsTemporary) = ("v", !_whole.Contains((Variable)i.Operand!));
        return result;
    }
}
