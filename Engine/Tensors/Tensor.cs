namespace IlgpuXai.Engine;

/// <summary>float32 values on a device, row-major, and how they came about.</summary>
/// <remarks>
/// <para>A result remembers its inputs only where a gradient may be asked for: where one of them <see cref="RequiresGrad"/>.
/// A computation from plain tensors keeps nothing.</para>
/// <para>Memory returns to the device with <see cref="Dispose"/>, or with the <see cref="Scope"/> the tensor was made in.
/// Results of reshaping share their source's memory, which lives until the last of them is gone.</para>
/// </remarks>
public sealed class Tensor : IDisposable
{
    readonly Storage _storage;
    readonly long _offset;
    Edge[] _edges = [];
    Tensor[] _constants = [];
    Tensor[] _inputs = [];
    List<IDisposable>? _owned;
    bool _disposed;

    internal Tensor(Device device, Shape shape, Storage storage, long offset = 0)
    {
        (Device, Shape, _storage, _offset) = (device, shape, storage, offset);
        Scope.Innermost(device)?.Own(this);
    }

    public Device Device { get; }
    public Shape Shape { get; }

    /// <summary>Whether results computed from this tensor remember it, so that <see cref="Gradients"/> can reach it.</summary>
    public bool RequiresGrad { get; private set; }

    internal ReadOnlySpan<Edge> Edges => _edges;

    /// <summary>Inputs that gradients may be computed with, though not asked for.</summary>
    internal ReadOnlySpan<Tensor> Constants => _constants;

    /// <summary>All inputs in the operation's order, and which operation it was: what a plan is traced from. Only where something was recorded.</summary>
    internal ReadOnlySpan<Tensor> Inputs => _inputs;
    internal Operation? Operation { get; private set; }

    internal Scope? Owner { get; set; }

    /// <summary>Whether no other tensor reads the same memory.</summary>
    internal bool IsAlone => _storage.HasOneShare;

    /// <summary>The elements, for kernels.</summary>
    /// <exception cref="ObjectDisposedException">The tensor or its scope has been disposed.</exception>
    public View View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _storage.View.SubView(_offset, Shape.Elements);
        }
    }

    /// <summary>A copy of the elements for the host.</summary>
    public float[] ToArray()
    {
        var values = new float[Shape.Elements];
        CopyTo(values);
        return values;
    }

    public void CopyTo(Span<float> values) => Device.Download(View, values);

    /// <summary>The value of a tensor of one element.</summary>
    public float Item()
    {
        if (Shape.Elements != 1) throw new ShapeException($"item: a tensor of one element was expected, this one is {Shape}");
        float value = 0;
        CopyTo(new Span<float>(ref value));
        return value;
    }

    /// <summary>The same values as the start of a computation: their gradient can be asked for, what they were computed from is not reached.</summary>
    public Tensor Leaf() => new(Device, Shape, _storage.Share(), _offset) { RequiresGrad = true };

    /// <summary>The same values as constants.</summary>
    public Tensor Detach() => Part(Shape, 0);

    /// <summary>This tensor through a module, as inference unless the pass says otherwise: <c>x.Then(conv).Then(norm)</c>.</summary>
    public Tensor Then(Module module, Pass? pass = null) => module.Forward(this, pass ?? Pass.Inference);

    public override string ToString() => $"tensor {Shape} on {Device.Name}";

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _storage.Release();
        foreach (var owned in _owned ?? []) owned.Dispose();
    }

    /// <summary>Elements from <paramref name="offset"/> on, in another shape, without a copy and without a history.</summary>
    internal Tensor Part(Shape shape, long offset)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(Device, shape, _storage.Share(), _offset + offset);
    }

    /// <summary>Remembers how this result came about, as far as its inputs require gradients. For the operation that made it.</summary>
    public Tensor DependsOn(params ReadOnlySpan<Edge> edges)
    {
        List<Edge> recorded = [];
        List<Tensor> constants = [];
        foreach (var edge in edges)
        {
            if (edge.Input.RequiresGrad) recorded.Add(edge);
            else constants.Add(edge.Input);
        }
        RequiresGrad = recorded.Count > 0;
        if (!RequiresGrad) return this;
        (_edges, _constants) = ([.. recorded], [.. constants]);
        _inputs = new Tensor[edges.Length];
        for (int i = 0; i < edges.Length; i++) _inputs[i] = edges[i].Input;
        return this;
    }

    /// <summary>Remembers which operation made this result, where its inputs are remembered.</summary>
    internal Tensor By(Operation operation)
    {
        if (RequiresGrad) Operation = operation;
        return this;
    }

    /// <summary>Hands over what only the gradient needs: kept as long as this tensor, or freed at once where nothing was recorded.</summary>
    public Tensor Owns(IDisposable saved)
    {
        if (!RequiresGrad) saved.Dispose();
        else (_owned ??= []).Add(saved);
        return this;
    }
}
