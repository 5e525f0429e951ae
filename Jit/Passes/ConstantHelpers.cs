namespace IlgpuXai.Jit;

/// <summary>A helper that only returns a constant, as the static abstract properties of a function's struct do, is that constant.</summary>
static class ConstantHelpers
{
    public static bool Fold(Function f)
    {
        bool folded = false;
        foreach (var b in f.Blocks)
            b.Rewrite(e =>
            {
                if (e is not Call { Callee: { IsPure: true, Target.Blocks: [{ Body: [], Exit: Leave { Value: Constant value } }] } } || value.Type != e.Type) return e;
                folded = true;
                return value;
            });
        return folded;
    }
}
