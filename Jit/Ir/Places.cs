using System.Reflection;

namespace IlgpuXai.Jit;

/// <summary>Building and asking about places, references and what lies under them.</summary>
static class Places
{
    /// <summary>The place a reference leads to.</summary>
    public static Expr At(Expr reference, Type type) => reference is AddressOf a ? a.Place : new Dereference(reference, CTypes.Storage(type));

    public static Expr Address(Expr place) => place is Dereference d ? d.Reference : new AddressOf(place);

    /// <summary>The value, whether the expression is one or refers to one.</summary>
    public static Expr Value(Expr e) => e.Type.IsByRef ? At(e, e.Type.GetElementType()!) : e;

    /// <summary>A field of a value, or of the struct a reference leads to. An index is its only field.</summary>
    public static Expr Member(Expr of, FieldInfo field)
    {
        of = Value(of);
        if (CTypes.Storage(field.DeclaringType!).IsPrimitive) return of;
        if (of is Aggregate { Values: [] }) return CTypes.Zero(field.FieldType);
        if (of is Aggregate a) return a.Values[Array.FindIndex(CTypes.Fields(of.Type), f => f.MetadataToken == field.MetadataToken && f.Module == field.Module)];
        return new Member(of, field);
    }

    /// <summary>The variable that a place is part of; null for memory.</summary>
    public static Local? Root(Expr place) => place switch { Read r => r.Local, Member m => Root(m.Of), _ => null };

    /// <summary>Reads memory that a store or a call may change.</summary>
    public static bool Loads(Expr e) => e switch
    {
        Element or Dereference or Call => true,
        Read r => r.Local.IsAddressTaken,
        AddressOf a => AddressLoads(a.Place),
        _ => e.Children.Any(Loads),
    };

    static bool AddressLoads(Expr place) => place switch
    {
        Read => false,
        Element e => Loads(e.View) || Loads(e.At),
        Dereference d => Loads(d.Reference),
        Member m => AddressLoads(m.Of),
        _ => true,
    };

    public static bool IsImpure(Expr e) => e is Intrinsic { IsImpure: true } or Call { Callee.IsPure: false } || e.Children.Any(IsImpure);

    /// <summary>Cheap, and the same wherever it is evaluated as long as the variable it reads is not assigned.</summary>
    public static bool IsSimple(Expr e) => e is Constant or Read or AddressOf { Place: Read or Element { View: Read or ArrayOf, At: Constant or Read } or Member { Of: Read } } or ArrayOf;
}
