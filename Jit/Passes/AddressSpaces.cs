namespace IlgpuXai.Jit;

/// <summary>Finds where references and views point, and so which instance of each helper is called.</summary>
static class AddressSpaces
{
    /// <param name="instance">The instance of a helper for the spaces of its arguments, built if it is new.</param>
    public static void Find(Function f, Func<Callee, Space[], Function> instance)
    {
        // Helpers that return a reference first: their results flow into assignments.
        Instantiate(f.Expressions.OfType<Call>().Where(c => c.Type.IsByRef));
        foreach (var b in f.Blocks)
        {
            foreach (var a in b.Body.OfType<Assign>())
                if (HasSpace(a.Place.Type)) Views.SpaceOf(a.Place, f).Unify(Views.SpaceOf(a.Value, f), f);
            if (b.Exit is Leave { Value: { } value } && HasSpace(f.Returns)) Views.SpaceOf(value, f).Unify(f.ReturnSpace, f);
        }
        Instantiate(f.Expressions.OfType<Call>());

        void Instantiate(IEnumerable<Call> calls)
        {
            foreach (var call in calls.ToList())
                call.Callee.Target ??= instance(call.Callee, [.. call.Arguments.Select(a => HasSpace(a.Type) ? Views.SpaceOf(a, f).Value : Space.Unknown)]);
        }
    }

    static bool HasSpace(Type t) => t.IsByRef || Views.Is(t);
}
