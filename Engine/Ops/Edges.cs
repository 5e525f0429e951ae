namespace IlgpuXai.Engine;

/// <summary>Helpers for stating how a gradient flows back.</summary>
static class Edges
{
    /// <summary>The edge to an input that may be absent.</summary>
    public static Edge[] Optional(Tensor? input, Func<Tensor, Tensor> vjp) => input is null ? [] : [new(input, vjp)];

    /// <summary>One computation behind several edges: runs once per incoming gradient.</summary>
    public static Func<Tensor, T> Once<T>(Func<Tensor, T> compute) where T : class
    {
        (Tensor? Dy, T? Result) last = default;
        return dy => (ReferenceEquals(last.Dy, dy) ? last.Result : (last = (dy, compute(dy))).Result)!;
    }
}
