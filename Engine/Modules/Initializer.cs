namespace IlgpuXai.Engine;

/// <summary>First values of weights on a device, drawn one layer after the other from one seed: the order in which a model builds its layers matters.</summary>
/// <remarks>fanIn, fanOut of a weight [Out, In, R, S] are In·R·S and Out·R·S; of [Out, In], In and Out. (PyTorch's definitions.)</remarks>
public sealed class Initializer
{
    readonly Generator? _random;
    readonly WeightScheme _scheme;

    public Initializer(Device device, ulong seed = 0) : this(device, new Generator(seed), new()) { }

    Initializer(Device device, Generator? random, WeightScheme scheme) => (Device, _random, _scheme) = (device, random, scheme);

    /// <summary>Draws nothing: weights hold whatever was in memory, for a model that <see cref="ModuleState"/> fills next.</summary>
    public static Initializer Unset(Device device) => new(device, null, new());

    /// <summary>This one, drawing from the same numbers, for layers that start in another way.</summary>
    public Initializer With(WeightScheme scheme) => new(Device, _random, scheme);

    public Device Device { get; }

    internal Tensor Convolution(Shape weight) => _scheme.Convolution(this, weight);
    internal Tensor Linear(Shape weight) => _scheme.Linear(this, weight);

    /// <summary>The bias that goes with a weight.</summary>
    internal Tensor Bias(Shape weight) => _scheme.ZeroBias ? Constant([weight[0]], 0) : FanInUniform([weight[0]], weight);

    /// <summary>U(−b, b), b = √(2/(1 + a²))·√(3/fan), a the slope below zero of the activation that follows. He et al. 2015, arXiv:1502.01852.</summary>
    public Tensor KaimingUniform(Shape shape, double a = 0, bool fanOut = false) => Uniform(shape, Gain(a) * Math.Sqrt(3.0 / Fan(shape, fanOut)));

    /// <summary>N(0, σ²), σ = √(2/(1 + a²))/√fan.</summary>
    public Tensor KaimingNormal(Shape shape, double a = 0, bool fanOut = false) => Normal(shape, Gain(a) / Math.Sqrt(Fan(shape, fanOut)));

    /// <summary>U(−b, b), b = gain·√(6/(fanIn + fanOut)). Glorot and Bengio 2010.</summary>
    public Tensor XavierUniform(Shape shape, double gain = 1) => Uniform(shape, gain * Math.Sqrt(6.0 / (Fan(shape, false) + Fan(shape, true))));

    /// <summary>N(0, σ²), σ = gain·√(2/(fanIn + fanOut)).</summary>
    public Tensor XavierNormal(Shape shape, double gain = 1) => Normal(shape, gain * Math.Sqrt(2.0 / (Fan(shape, false) + Fan(shape, true))));

    /// <summary>PyTorch's default for the weight and bias of a layer: U(−b, b), b = 1/√fanIn of the weight.</summary>
    public Tensor FanInUniform(Shape shape, Shape weight) => Uniform(shape, 1 / Math.Sqrt(Fan(weight, false)));

    /// <summary>U(−bound, bound).</summary>
    public Tensor Uniform(Shape shape, double bound) => Draw(shape, r => (float)((2 * r.NextDouble() - 1) * bound));

    /// <summary>N(0, deviation²).</summary>
    public Tensor Normal(Shape shape, double deviation) => Draw(shape, r => (float)(r.NextNormal() * deviation));

    public Tensor Constant(Shape shape, float value) => Device.Full(shape, value);

    Tensor Draw(Shape shape, Func<Generator, float> next)
    {
        if (_random is null) return Device.Empty(shape);
        var values = new float[shape.Elements];
        foreach (ref float value in values.AsSpan()) value = next(_random);
        return Device.Tensor(shape, values);
    }

    static double Gain(double a) => Math.Sqrt(2 / (1 + a * a));

    static int Fan(Shape weight, bool fanOut)
    {
        if (weight.Rank < 2) throw new ShapeException($"initializer: {weight} has no fan, at least [Out, In] was expected");
        return (fanOut ? weight[0] : weight[1]) * weight.Product(2..);
    }
}
