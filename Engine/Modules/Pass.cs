namespace IlgpuXai.Engine;

/// <summary>What a pass through a module is for: the layers that tell the two apart are batch normalisation and dropout.</summary>
public enum Mode
{
    /// <summary>Running statistics, no dropout.</summary>
    Inference,

    /// <summary>Statistics of the batch, which also move the running ones; dropout.</summary>
    Training,
}

/// <summary>What one forward pass through modules is for. An argument of the call: modules have no training flag.</summary>
public sealed class Pass
{
    int _draws;

    /// <summary>Frozen weights, running statistics, no dropout. The default everywhere.</summary>
    public static Pass Inference { get; } = new();

    /// <summary>One step of training. Dropout draws from (seed, step) and the order of the layers: make one pass per step.</summary>
    /// <param name="trained">The parameters that move; null: all.</param>
    public static Pass Training(ulong seed, ulong step, IReadOnlySet<Parameter>? trained = null) => new() { Mode = Mode.Training, Records = true, Trained = trained, Seed = seed, Step = step };

    /// <summary>Inference that hands out the results of modules.</summary>
    public static Pass Watching(Watch watch) => new() { Watch = watch };

    public Mode Mode { get; init; }

    /// <summary>Whether gradients of parameters may be asked for. With <see cref="Mode.Inference"/>: fine-tuning around frozen statistics.</summary>
    public bool Records { get; init; }

    /// <summary>Where set, all other parameters are constants: nothing of what is computed from them alone is remembered, and batch norms among them use and keep their running statistics.</summary>
    public IReadOnlySet<Parameter>? Trained { get; init; }

    public ulong Seed { get; init; }
    public ulong Step { get; init; }
    public Watch? Watch { get; init; }

    /// <summary>The tensor that stands for a parameter in this pass: <c>x.Linear(pass[_weight])</c>.</summary>
    public Tensor this[Parameter parameter] => Moves(parameter) ? parameter.Leaf : parameter.Value;

    /// <summary>Whether the gradient of a parameter may be asked for.</summary>
    internal bool Moves(Parameter parameter) => Records && (Trained is null || Trained.Contains(parameter));

    /// <summary>The same for a parameter that a layer may do without.</summary>
    public Tensor? Optional(Parameter? parameter) => parameter is null ? null : this[parameter];

    /// <summary>The random numbers of the next dropout layer: stream = step·2¹⁶ + number of the draw within the pass.</summary>
    internal DropoutDraw NextDraw(float rate) => new(rate, Seed, (Step << 16) + (ulong)_draws++);
}
