using System.Runtime.CompilerServices;

namespace IlgpuXai.Engine;

/// <summary>A stretch of computation whose tensors are freed at its end, except those it keeps.</summary>
/// <remarks>
/// <code>
/// using var scope = device.Scope();
/// var a = x.Conv2d(w);
/// return scope.Keep(a.Relu());
/// </code>
/// Scopes nest: what an inner one keeps belongs to the outer one, and to the caller where there is none. A scope belongs
/// to the thread that opened it, and ends before the one it was opened in.
/// </remarks>
public sealed class Scope : IDisposable
{
    // What is open on a device is known here and not by the device, which knows nothing of tensors; it is forgotten with the device.
    static readonly ConditionalWeakTable<Device, ThreadLocal<Scope?>> OpenOn = [];

    readonly ThreadLocal<Scope?> _open;
    readonly Scope? _outer;
    readonly List<Tensor> _made = [];
    bool _disposed;

    internal Scope(Device device)
    {
        _open = OpenOn.GetValue(device, _ => new());
        _outer = _open.Value;
        _open.Value = this;
    }

    /// <summary>The scope that tensors made now on this thread belong to.</summary>
    internal static Scope? Innermost(Device device) => OpenOn.TryGetValue(device, out var open) ? open.Value : null;

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
            foreach (var constant in t.Constants) stack.Push(constant);
        }
        return y;
    }

    /// <exception cref="InvalidOperationException">A scope opened later on this thread is still open, or another thread opened this one; nothing has been freed.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (!ReferenceEquals(_open.Value, this)) throw new InvalidOperationException("scope: one that was opened inside it is still open, or it was opened on another thread");
        _disposed = true;
        _open.Value = _outer;
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
