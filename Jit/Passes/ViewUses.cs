namespace IlgpuXai.Jit;

/// <summary>What is done with each view: whether its length is read, whether it is stored through, whether it is cast to vectors.</summary>
/// <remarks>Flows from uses back to the variables and parameters that a view comes from; helpers are done before their callers.</remarks>
sealed class ViewUses
{
    readonly Function _f;

    ViewUses(Function f) => _f = f;

    public static void Find(Function f) => new ViewUses(f).Run();

    void Run()
    {
        foreach (var e in _f.Expressions.ToList())
            switch (e)
            {
                case LengthOf l: NeedLength(l.View); break;
                // A reference that is made may be stored through; `in` parameters and members of elements are no references by now.
                case AddressOf a: StoreThrough(a.Place); break;
                case CastView c when CTypes.IsVector(Views.Element(c.Type)): Align(c.View, CTypes.SizeOf(Views.Element(c.Type))); break;
                case Call c: Pass(c); break;
            }
        foreach (var s in _f.Blocks.SelectMany(b => b.Body))
            if (s is Assign a) StoreThrough(a.Place);
    }

    void Pass(Call call)
    {
        foreach (var (parameter, argument) in call.Callee.Target!.Parameters.Zip(call.Arguments))
        {
            if (!Views.Is(parameter.Type)) continue;
            if (parameter.IsLengthUsed) NeedLength(argument);
            if (parameter.IsStoredThrough) StoreInto(argument);
            if (parameter.Alignment > 0) Align(argument, parameter.Alignment);
        }
    }

    void NeedLength(Expr view) => Trace(view, v => v.IsLengthUsed, v => v.IsLengthUsed = true, throughCount: false, () => _f.MeasuresDynamicShared = true);

    void StoreThrough(Expr place)
    {
        while (place is Member m) place = m.Of;
        if (place is Element e) StoreInto(e.View);
    }

    void StoreInto(Expr view) => Trace(view, v => v.IsStoredThrough, v => v.IsStoredThrough = true, throughCount: true);

    void Align(Expr view, int bytes) => Trace(view, v => v.Alignment >= bytes, v => v.Alignment = bytes, throughCount: true);

    /// <summary>Marks the variables that a view may come from.</summary>
    /// <param name="throughCount">Also behind a slice that names its length.</param>
    /// <param name="dynamic">What to do where it comes from dynamic shared memory.</param>
    void Trace(Expr view, Func<Local, bool> isMarked, Action<Local> mark, bool throughCount, Action? dynamic = null)
    {
        switch (view)
        {
            case Read { Local: var v } when !isMarked(v):
                mark(v);
                foreach (var a in _f.Blocks.SelectMany(b => b.Body).OfType<Assign>())
                    if (a.Place is Read place && place.Local == v) Trace(a.Value, isMarked, mark, throughCount, dynamic);
                break;
            case ArrayOf { Array: var array }: mark(array); break;
            case DynamicShared: dynamic?.Invoke(); break;
            case Slice s when throughCount || s.Count is null: Trace(s.View, isMarked, mark, throughCount, dynamic); break;
            case CastView c: Trace(c.View, isMarked, mark, throughCount, dynamic); break;
            case Select s:
                Trace(s.A, isMarked, mark, throughCount, dynamic);
                Trace(s.B, isMarked, mark, throughCount, dynamic);
                break;
        }
    }
}
