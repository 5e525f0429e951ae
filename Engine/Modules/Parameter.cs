namespace IlgpuXai.Engine;

/// <summary>Weights that training changes in place.</summary>
/// <remarks>
/// One memory, two tensors: <see cref="Leaf"/> is remembered by what is computed from it, <see cref="Value"/> is not. A
/// <see cref="Pass"/> picks one of them, so that inference keeps no history and explanations never pay for weight gradients.
/// </remarks>
public sealed class Parameter : IDisposable
{
    internal Parameter(Tensor value)
    {
        value.Owner = null;                 // weights outlive the scope they were made in
        (Value, Leaf) = (value, value.Leaf());
        Leaf.Owner = null;
    }

    public Tensor Value { get; }
    public Tensor Leaf { get; }
    public Shape Shape => Value.Shape;

    public void Dispose()
    {
        Value.Dispose();
        Leaf.Dispose();
    }
}
