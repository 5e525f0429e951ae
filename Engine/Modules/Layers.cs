namespace IlgpuXai.Engine;

/// <summary><see cref="ConvolutionOps.Conv2d"/> with weight [outChannels, inChannels/groups, kernel] and bias [outChannels].</summary>
public sealed class Conv2d : Module
{
    readonly Parameter _weight;
    readonly Parameter? _bias;
    readonly Pair _stride, _padding, _dilation;
    readonly int _groups;

    public Conv2d(Initializer init, int inChannels, int outChannels, Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null, int groups = 1, bool bias = true)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) throw new ShapeException($"conv2d: {groups} groups do not divide {inChannels} input and {outChannels} output channels");
        (_stride, _padding, _dilation, _groups) = (stride ?? 1, padding ?? 0, dilation ?? 1, groups);
        Shape shape = [outChannels, inChannels / groups, kernel.H, kernel.W];
        _weight = Param("weight", init.Convolution(shape));
        if (bias) _bias = Param("bias", init.Bias(shape));
    }

    protected override Tensor Run(Tensor x, Pass pass) => x.Conv2d(pass[_weight], pass.Optional(_bias), _stride, _padding, _dilation, _groups);
}

/// <summary><see cref="LinearOps.Linear"/> with weight [outFeatures, inFeatures] and bias [outFeatures].</summary>
public sealed class Linear : Module
{
    readonly Parameter _weight;
    readonly Parameter? _bias;

    public Linear(Initializer init, int inFeatures, int outFeatures, bool bias = true)
    {
        Shape shape = [outFeatures, inFeatures];
        _weight = Param("weight", init.Linear(shape));
        if (bias) _bias = Param("bias", init.Bias(shape));
    }

    protected override Tensor Run(Tensor x, Pass pass) => x.Linear(pass[_weight], pass.Optional(_bias));
}

/// <summary>Batch normalisation: by the batch's statistics in training, by the running ones in inference.</summary>
/// <remarks>x [N, C, ...], so [N, C] too (PyTorch's BatchNorm1d). PyTorch's counter <c>num_batches_tracked</c> takes part in nothing and is not part of the state.</remarks>
public sealed class BatchNorm2d : Module
{
    readonly Parameter _weight, _bias;
    readonly Tensor _runningMean, _runningVar;
    readonly float _eps, _momentum;

    public BatchNorm2d(Initializer init, int features, float eps = 1e-5f, float momentum = 0.1f)
    {
        (_eps, _momentum) = (eps, momentum);
        _weight = Param("weight", init.Constant([features], 1));
        _bias = Param("bias", init.Constant([features], 0));
        _runningMean = Buffer("running_mean", init.Constant([features], 0));
        _runningVar = Buffer("running_var", init.Constant([features], 1));
    }

    protected override Tensor Run(Tensor x, Pass pass) => UsesBatch(pass)
        ? x.BatchNormTraining(pass[_weight], pass[_bias], _runningMean, _runningVar, _momentum, _eps)
        : x.BatchNormInference(pass[_weight], pass[_bias], _runningMean, _runningVar, _eps);

    protected override bool Overwrite(Tensor x, Pass pass) => Normalise(x, pass, x) is not null;

    protected override Tensor? Rectified(Tensor x, Pass pass, bool overwrite) => Normalise(x, pass, overwrite ? x : null, least: 0);

    bool UsesBatch(Pass pass) => pass.Mode == Mode.Training && (pass.Trained is null || pass.Moves(_weight));

    /// <summary>Into y, or a new tensor; null where something has to be remembered: then nothing is written.</summary>
    Tensor? Normalise(Tensor x, Pass pass, Tensor? y, float least = float.NegativeInfinity)
    {
        if (UsesBatch(pass) || pass.Moves(_weight) || pass.Moves(_bias) || x.RequiresGrad) return null;
        return x.BatchNormInto(y ?? x.Device.Empty(x.Shape), _weight.Value, _bias.Value, _runningMean, _runningVar, _eps, least);
    }
}

/// <summary>max(x, 0): <see cref="UnaryOps.Relu"/>.</summary>
public sealed class Relu : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => x.Relu();

    protected override bool Overwrite(Tensor x, Pass pass)
    {
        x.Device.Unary.Forward<Kernels.Relu>(x.View, x.View);
        return true;
    }
}

/// <summary>The largest value of each window: <see cref="PoolingOps.MaxPool2d"/>.</summary>
public sealed class MaxPool2d(Pair kernel, Pair? stride = null, Pair? padding = null, bool ceilMode = false) : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => x.MaxPool2d(kernel, stride, padding, ceilMode);
}

/// <summary>The mean of each window, padding counted: <see cref="PoolingOps.AvgPool2d"/>.</summary>
public sealed class AvgPool2d(Pair kernel, Pair? stride = null, Pair? padding = null) : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => x.AvgPool2d(kernel, stride, padding);
}

/// <summary>The mean of each of outputSize windows that share the image out: <see cref="PoolingOps.AdaptiveAvgPool2d"/>.</summary>
public sealed class AdaptiveAvgPool2d(Pair outputSize) : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => x.AdaptiveAvgPool2d(outputSize);
}

/// <summary>Drops elements in training; hands its input on in inference.</summary>
public sealed class Dropout(float rate = 0.5f) : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => pass.Mode == Mode.Training ? x.Dropout(pass.NextDraw(rate)) : x.Reshape(x.Shape.Sizes);
}

/// <summary>[N, C, H, W] → [N, C·H·W].</summary>
public sealed class Flatten : Module
{
    protected override Tensor Run(Tensor x, Pass pass) => x.Flatten();
}
