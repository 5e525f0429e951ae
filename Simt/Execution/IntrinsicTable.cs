using System.Reflection;
using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>Finds the intrinsic behind a member of the vocabulary.</summary>
/// <remarks>
/// An intrinsic is named for type and member (<c>Group_IdxX</c>, an indexer is <c>Item</c>), takes the same arguments (a
/// reference to the instance first), then the place in the source, the group and the thread. Those come last so that
/// nothing on the stack has to move. Barriers and exchanges have <c>_Send</c> and, with a result, <c>_Receive</c>.
/// </remarks>
static class IntrinsicTable
{
    const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    static readonly ILookup<string, MethodInfo> ByName =
        new[] { typeof(IndexIntrinsics), typeof(MemoryIntrinsics), typeof(ExchangeIntrinsics), typeof(AccessIntrinsics) }
            .SelectMany(type => type.GetMethods(Static)).ToLookup(m => m.Name);

    /// <summary>The member needs the running thread; every other member of the vocabulary is called as it is.</summary>
    public static bool Handles(MethodBase member) =>
        Find(member) is not null || FindSend(member) is not null || member.DeclaringType == typeof(Atomic);

    public static MethodInfo? Find(MethodBase member) => Overload(member, "");
    public static MethodInfo? FindSend(MethodBase member) => Overload(member, "_Send");

    public static MethodInfo? FindReceive(MethodBase member) =>
        member is MethodInfo { ReturnType: var type } && type != typeof(void) ? Closed(ByName[NameOf(member) + "_Receive"].Single(), member) : null;

    /// <summary>An access intrinsic (<see cref="AccessIntrinsics"/>) for values of the given type.</summary>
    public static MethodInfo Access(string name, Type type) => ByName[name].Single().MakeGenericMethod(type);

    /// <summary>An intrinsic that the rewriter itself needs.</summary>
    public static MethodInfo Named(string name) => ByName[name].Single();

    public static YieldKind KindOf(MethodBase member) =>
        member.DeclaringType == typeof(Warp) ? member.Name == nameof(Warp.Barrier) ? YieldKind.WarpBarrier : YieldKind.WarpExchange
        : member.Name is nameof(Group.Barrier) or nameof(Group.Broadcast) ? YieldKind.GroupBarrier
        : YieldKind.GroupVote;

    static MethodInfo? Overload(MethodBase member, string suffix)
    {
        var types = member.GetParameters().Select(p => p.ParameterType).ToList();
        if (!member.IsStatic) types.Insert(0, member.DeclaringType!.MakeByRefType());
        return ByName[NameOf(member) + suffix].Where(m => m.GetParameters().Length == types.Count + 3).Select(m => Closed(m, member))
            .FirstOrDefault(m => m.GetParameters().SkipLast(3).Select(p => p.ParameterType).SequenceEqual(types));
    }

    static MethodInfo Closed(MethodInfo intrinsic, MethodBase member)
    {
        Type[] arguments = [.. member.DeclaringType!.GetGenericArguments(), .. member.IsGenericMethod ? member.GetGenericArguments() : []];
        return intrinsic.IsGenericMethodDefinition ? intrinsic.MakeGenericMethod(arguments) : intrinsic;
    }

    static string NameOf(MethodBase member)
    {
        string name = member.Name.StartsWith("get_", StringComparison.Ordinal) ? member.Name[4..] : member.Name;
        return $"{member.DeclaringType!.Name.Split('`')[0]}_{name}";
    }
}
