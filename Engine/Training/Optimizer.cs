namespace IlgpuXai.Engine;

/// <summary>Moves parameters against their gradients, and remembers what its rule needs from step to step.</summary>
public abstract class Optimizer : IDisposable
{
    readonly (string Name, Parameter Value)[] _parameters;
    readonly List<(string Name, Tensor Value)> _state = [];

    protected Optimizer(IEnumerable<(string Name, Parameter Value)> parameters) => _parameters = [.. parameters];

    /// <summary>What is moved, by the model's names.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => _parameters;

    /// <summary>Steps taken so far.</summary>
    public int Steps { get; internal set; }

    /// <summary>What is remembered, named after the parameter and PyTorch's word: <c>conv1.weight.exp_avg</c>.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => _state;

    /// <summary>The rule and its settings, in one line; checkpoints compare it.</summary>
    public abstract override string ToString();

    /// <summary>One step at the given learning rate. Every parameter needs a gradient.</summary>
    /// <exception cref="KeyNotFoundException">A parameter has none; nothing has been moved.</exception>
    /// <exception cref="ArgumentException">The rate is negative or NaN.</exception>
    public void Step(Gradients gradients, double rate)
    {
        if (!(rate >= 0)) throw new ArgumentException($"optimizer: learning rate {rate} must be at least 0");
        View[] slopes = [.. _parameters.Select(p => gradients[p.Value].View)];
        Steps++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i].Value;
            Update(i, parameter.Value.Device.Optimize, parameter.Value.View, slopes[i], rate);
        }
    }

    protected abstract void Update(int index, IOptimize kernels, View w, View dw, double rate);

    /// <summary>One tensor of zeros per parameter, in its shape, kept with the checkpoint.</summary>
    protected Tensor[] Remember(string word) => [.. _parameters.Select(p =>
    {
        var zeros = p.Value.Value.Device.Zeros(p.Value.Shape);
        zeros.Owner = null;                 // outlives the scope it was made in
        _state.Add(($"{p.Name}.{word}", zeros));
        return zeros;
    })];

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var (_, tensor) in _state) tensor.Dispose();
    }
}

/// <summary>Stochastic gradient descent, PyTorch's rule: <see cref="SgdStep"/>.</summary>
public sealed class Sgd : Optimizer
{
    readonly double _momentum, _weightDecay;
    readonly bool _nesterov;
    readonly Tensor[]? _velocity;

    public Sgd(IEnumerable<(string Name, Parameter Value)> parameters, double momentum = 0, double weightDecay = 0, bool nesterov = false) : base(parameters)
    {
        if (nesterov && momentum <= 0) throw new ArgumentException("sgd: Nesterov's rule needs momentum");
        (_momentum, _weightDecay, _nesterov) = (momentum, weightDecay, nesterov);
        if (momentum != 0) _velocity = Remember("momentum_buffer");
    }

    public override string ToString() => $"SGD, momentum {_momentum}{(_nesterov ? " (Nesterov)" : "")}, weight decay {_weightDecay}";

    protected override void Update(int index, IOptimize kernels, View w, View dw, double rate) =>
        kernels.Sgd(w, dw, _velocity?[index].View ?? View.Empty, new(rate, _momentum, _weightDecay, _nesterov));
}

/// <summary>Adam, or AdamW with decoupled decay: <see cref="AdamStep"/>.</summary>
public sealed class Adam : Optimizer
{
    readonly double _beta1, _beta2, _eps, _weightDecay;
    readonly bool _decoupled;
    readonly Tensor[] _m, _v;

    /// <param name="decoupled">Decay the weights themselves (AdamW) instead of adding weightDecay·w to the gradient.</param>
    public Adam(IEnumerable<(string Name, Parameter Value)> parameters, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0, bool decoupled = false) : base(parameters)
    {
        if (!(beta1 is >= 0 and < 1 && beta2 is >= 0 and < 1)) throw new ArgumentException($"adam: betas {beta1} and {beta2} must be at least 0 and below 1");
        (_beta1, _beta2, _eps, _weightDecay, _decoupled) = (beta1, beta2, eps, weightDecay, decoupled);
        (_m, _v) = (Remember("exp_avg"), Remember("exp_avg_sq"));
    }

    /// <summary>AdamW: PyTorch's default decay is 0.01.</summary>
    public static Adam W(IEnumerable<(string Name, Parameter Value)> parameters, double weightDecay = 0.01) => new(parameters, weightDecay: weightDecay, decoupled: true);

    public override string ToString() => $"Adam{(_decoupled ? "W" : "")}, betas {_beta1} {_beta2}, eps {_eps}, weight decay {_weightDecay}";

    protected override void Update(int index, IOptimize kernels, View w, View dw, double rate) =>
        kernels.Adam(w, dw, _m[index].View, _v[index].View, new(rate, _beta1, _beta2, _eps, _weightDecay, _decoupled, Steps));
}
