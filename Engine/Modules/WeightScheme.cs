namespace IlgpuXai.Engine;

/// <summary>How the layers of an architecture draw their first weights: as PyTorch's layers do, unless it says otherwise.</summary>
public sealed record WeightScheme
{
    /// <summary>Weights of convolutions.</summary>
    public Func<Initializer, Shape, Tensor> Convolution { get; init; } = static (init, shape) => init.FanInUniform(shape, shape);

    /// <summary>Weights of dense layers.</summary>
    public Func<Initializer, Shape, Tensor> Linear { get; init; } = static (init, shape) => init.FanInUniform(shape, shape);

    /// <summary>Biases start at 0 rather than at random.</summary>
    public bool ZeroBias { get; init; }
}
