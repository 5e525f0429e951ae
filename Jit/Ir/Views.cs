using ILGPU;
using ILGPU.Runtime;

namespace IlgpuXai.Jit;

/// <summary>The view types of the vocabulary: a dense view with its stride in the type is the same thing.</summary>
static class Views
{
    public static bool Is(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(ArrayView<>) || definition == typeof(ArrayView1D<,>));

    public static Type Element(Type view) => CTypes.Storage(view.GetGenericArguments()[0]);

    /// <summary>Where the elements of a view, or what a reference refers to, lie.</summary>
    public static AddressSpace SpaceOf(Expr e, Function at) => e switch
    {
        Read r => r.Local.Space,
        Slice s => SpaceOf(s.View, at),
        CastView c => SpaceOf(c.View, at),
        ArrayOf a => a.Array.Space,
        DynamicShared => new(Space.Shared),
        AddressOf a => OfPlace(a.Place, at),
        Select s => Both(s, at),
        Call { Callee.Target: { } target } => target.ReturnSpace,
        _ => new(),
    };

    static AddressSpace Both(Select s, Function at)
    {
        var space = SpaceOf(s.A, at);
        space.Unify(SpaceOf(s.B, at), at);
        return space;
    }

    static AddressSpace OfPlace(Expr place, Function at) => place switch
    {
        Element e => SpaceOf(e.View, at),
        Dereference d => SpaceOf(d.Reference, at),
        Member m => OfPlace(m.Of, at),
        _ => new(Space.Private),
    };
}
