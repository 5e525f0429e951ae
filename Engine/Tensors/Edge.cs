namespace IlgpuXai.Engine;

/// <summary>How a result depends on one of its inputs: the vector-Jacobian product maps the result's gradient to the input's.</summary>
/// <remarks>The product may return the gradient it was given; whatever else it allocates is freed by <see cref="Gradients"/>.</remarks>
public readonly record struct Edge(Tensor Input, Func<Tensor, Tensor> Vjp)
{
    public static implicit operator Edge((Tensor Input, Func<Tensor, Tensor> Vjp) e) => new(e.Input, e.Vjp);
}
