namespace IlgpuXai.Engine;

/// <summary>A stretch of computation whose tensors are freed at its end, except those it keeps.</summary>
/// <remarks>
/// <code>
/// using var scope = device.Scope();
/// var a = x.Conv2d(w);
/// return scope.Keep(a.Relu());
/// </code>
/// Scopes nest: what an inner one keeps belongs to the outer one, and to the caller where there is none. A scope belongs
/// to the thread that opened it.
/// </remarks>
public sealed class Scope : IDisposable
{
    readonly Device _device;
    readonly Scope? _outer;
    readonly List<Tensor> _made = [];

    internal Scope(Device device)
    {
        (_device, _outer) = (device, Innermost(device));
        device.OpenScope.Value = this;
    }

    internal static Scope? Innermost(Device device) => (Scope?)device.OpenScope.Value;

    /// <summary>Keeps <paramref name="y"/>, and of what it was computed from everything its gradient may need.</summary>
    public Tensor Keep(Tensor y)
    {
        var stack = new Stack<Tensor>([y]);
        while (stack.TryPop(out var t))
        {
            if (t.Owner != this) continue;              // from outside, or kept already
            t.Owner = null;
            _outer?.Own(t);
            foreach (var edge in t.Edges) stack.Push(edge.Input);
        }
        return y;
    }

    public void Dispose()
    {
        if (!ReferenceEquals(Innermost(_device), this)) return;
        _device.OpenScope.Value = _outer;
        foreach (var t in _made)
            if (t.Owner == this) t.Dispose();
        _made.Clear();
    }

    internal void Own(Tensor t)
    {
        t.Owner = this;
        _made.Add(t);
    }
}
