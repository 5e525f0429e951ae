using System.Reflection;

namespace IlgpuXai.Jit;

/// <summary>An expression without side effects, except calls and intrinsics that say so. Types are those of C#, reduced by <see cref="CTypes.Storage"/>.</summary>
abstract record Expr(Type Type)
{
    public virtual IReadOnlyList<Expr> Children => [];

    /// <summary>The same expression over mapped children.</summary>
    public virtual Expr Map(Func<Expr, Expr> f) => this;

    /// <summary>Itself and everything below.</summary>
    public IEnumerable<Expr> All() => Children.SelectMany(c => c.All()).Prepend(this);

    /// <summary>Applies f from the leaves up.</summary>
    public Expr Rewrite(Func<Expr, Expr> f) => f(Map(c => c.Rewrite(f)));

    public bool Reads(Local v) => All().Any(e => e is Read r && r.Local == v);
}

/// <summary>A number; bool is 0 or 1.</summary>
sealed record Constant(object Value, Type Type) : Expr(Type)
{
    public static Constant True { get; } = new(1, typeof(bool));
    public static Constant False { get; } = new(0, typeof(bool));
    public static Constant Int(int value) => new(value, typeof(int));

    public bool IsZero => Value is int or uint or long or ulong or byte or sbyte or short or ushort && Convert.ToDecimal(Value) == 0;
    public bool IsInteger => Value is not (float or double);
}

sealed record Read(Local Local) : Expr(Local.Type)
{
    // A variable's type may still change while it is a merge of paths.
    public bool Equals(Read? other) => other is not null && other.Local == Local;
    public override int GetHashCode() => Local.GetHashCode();
}

/// <summary>−, ~ or !.</summary>
sealed record Unary(string Op, Expr A, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [A];
    public override Expr Map(Func<Expr, Expr> f) => this with { A = f(A) };
}

sealed record Binary(string Op, Expr A, Expr B, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [A, B];
    public override Expr Map(Func<Expr, Expr> f) => this with { A = f(A), B = f(B) };
}

/// <summary>A comparison; <paramref name="Unordered"/> ones also hold where an operand is NaN.</summary>
sealed record Comparison(string Op, Expr A, Expr B, bool Unordered) : Expr(typeof(bool))
{
    public override IReadOnlyList<Expr> Children => [A, B];
    public override Expr Map(Func<Expr, Expr> f) => this with { A = f(A), B = f(B) };
}

sealed record Cast(Expr A, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [A];
    public override Expr Map(Func<Expr, Expr> f) => this with { A = f(A) };
}

/// <summary>Condition ? A : B.</summary>
sealed record Select(Expr Condition, Expr A, Expr B, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [Condition, A, B];
    public override Expr Map(Func<Expr, Expr> f) => this with { Condition = f(Condition), A = f(A), B = f(B) };
}

/// <summary>A struct from the values of its fields, in the order of <see cref="CTypes.Fields"/>; from no values: all zero.</summary>
sealed record Aggregate(Type Type, IReadOnlyList<Expr> Values) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => Values;
    public override Expr Map(Func<Expr, Expr> f) => this with { Values = [.. Values.Select(f)] };
}

// Places: what can stand on the left of an assignment, together with Read.

/// <summary>View[At].</summary>
sealed record Element(Expr View, Expr At, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [View, At];
    public override Expr Map(Func<Expr, Expr> f) => this with { View = f(View), At = f(At) };
}

sealed record Member(Expr Of, FieldInfo Field) : Expr(CTypes.Storage(Field.FieldType))
{
    public override IReadOnlyList<Expr> Children => [Of];
    public override Expr Map(Func<Expr, Expr> f) => Places.Member(f(Of), Field);
}

sealed record Dereference(Expr Reference, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [Reference];
    public override Expr Map(Func<Expr, Expr> f) => Places.At(f(Reference), Type);
}

sealed record AddressOf(Expr Place) : Expr(Place.Type.MakeByRefType())
{
    public override IReadOnlyList<Expr> Children => [Place];
    public override Expr Map(Func<Expr, Expr> f) => Places.Address(f(Place));
}

// Views.

/// <summary>The view without its first <paramref name="From"/> elements; without a count, all the rest.</summary>
sealed record Slice(Expr View, Expr From, Expr? Count) : Expr(View.Type)
{
    public override IReadOnlyList<Expr> Children => Count is null ? [View, From] : [View, From, Count];
    public override Expr Map(Func<Expr, Expr> f) => new Slice(f(View), f(From), Count is null ? null : f(Count));
}

/// <summary>The same memory as elements of another type.</summary>
sealed record CastView(Expr View, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [View];
    public override Expr Map(Func<Expr, Expr> f) => this with { View = f(View) };
}

sealed record LengthOf(Expr View, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => [View];
    public override Expr Map(Func<Expr, Expr> f) => this with { View = f(View) };
}

/// <summary>The view of an array that the function declares.</summary>
sealed record ArrayOf(Local Array, Type Type) : Expr(Type);

/// <summary>The launch's dynamic shared memory.</summary>
sealed record DynamicShared(Type Type) : Expr(Type);

/// <summary>A helper of the kernel.</summary>
sealed record Call(Callee Callee, IReadOnlyList<Expr> Arguments, Type Type) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => Arguments;
    public override Expr Map(Func<Expr, Expr> f) => this with { Arguments = [.. Arguments.Select(f)] };
}

/// <summary>What the dialects know by name, for instance <c>Group.IdxX</c>. An impure one is evaluated where it stands, once.</summary>
sealed record Intrinsic(string Name, IReadOnlyList<Expr> Arguments, Type Type, bool IsImpure = false) : Expr(Type)
{
    public override IReadOnlyList<Expr> Children => Arguments;
    public override Expr Map(Func<Expr, Expr> f) => this with { Arguments = [.. Arguments.Select(f)] };
}

/// <summary>The helper that a call names. Which instance of it is meant is known once the address spaces of the arguments are.</summary>
sealed class Callee(MethodBase method, bool isPure)
{
    public MethodBase Method { get; } = method;

    /// <summary>It only computes: nothing is stored outside its own variables, no barrier is passed.</summary>
    public bool IsPure { get; } = isPure;

    public Function? Target { get; set; }
}
