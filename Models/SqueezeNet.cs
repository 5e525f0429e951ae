using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>SqueezeNet 1.1 with torchvision's names: [N, 3, H, W] → [N, classes]. Iandola et al. 2016, arXiv:1602.07360.</summary>
/// <remarks>Features end at <c>features</c>, [N, 512, 13, 13] of 224×224; the classifier is a convolution whose maps are averaged. Without classes the scores are the features' means [N, 512].</remarks>
public sealed class SqueezeNet : ImageClassifier
{
    readonly Module _features;
    readonly Module[] _head;

    public SqueezeNet(Initializer init, int classes = 1000) : base([3, 224, 224], classes)
    {
        ArgumentNullException.ThrowIfNull(init);
        var scheme = new WeightScheme { Convolution = static (init, shape) => init.KaimingUniform(shape), ZeroBias = true };
        init = init.With(scheme);
        _features = Add("features", new Sequential(
            new Conv2d(init, 3, 64, kernel: 3, stride: 2), new Relu(), Pool(), new Fire(init, 64, 16, 64), new Fire(init, 128, 16, 64),
            Pool(), new Fire(init, 128, 32, 128), new Fire(init, 256, 32, 128),
            Pool(), new Fire(init, 256, 48, 192), new Fire(init, 384, 48, 192), new Fire(init, 384, 64, 256), new Fire(init, 512, 64, 256)));
        init = init.With(scheme with { Convolution = static (init, shape) => init.Normal(shape, 0.01) });
        _head = classes == 0 ? [new AdaptiveAvgPool2d(1), new Flatten()]
            : [Add("classifier", new Sequential(new Dropout(), new Conv2d(init, 512, classes, kernel: 1), new Relu(), new AdaptiveAvgPool2d(1))), new Flatten()];
    }

    static MaxPool2d Pool() => new(kernel: 3, stride: 2, ceilMode: true);

    protected override Tensor RunFeatures(Tensor x, Pass pass) => _features.Forward(x, pass);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}

/// <summary>1×1 down to few channels, then 1×1 and 3×3 side by side: [N, C, H, W] → [N, 2·expand, H, W].</summary>
sealed class Fire : Module
{
    readonly Module _squeeze, _squeezeActivation, _expand1x1, _expand1x1Activation, _expand3x3, _expand3x3Activation;

    public Fire(Initializer init, int channels, int squeeze, int expand)
    {
        _squeeze = Add("squeeze", new Conv2d(init, channels, squeeze, kernel: 1));
        _squeezeActivation = Add("squeeze_activation", new Relu());
        _expand1x1 = Add("expand1x1", new Conv2d(init, squeeze, expand, kernel: 1));
        _expand1x1Activation = Add("expand1x1_activation", new Relu());
        _expand3x3 = Add("expand3x3", new Conv2d(init, squeeze, expand, kernel: 3, padding: 1));
        _expand3x3Activation = Add("expand3x3_activation", new Relu());
    }

    protected override Tensor Run(Tensor x, Pass pass)
    {
        var few = Chain(x, pass, _squeeze, _squeezeActivation);
        return Tensor.Concat(1, Chain(few, pass, _expand1x1, _expand1x1Activation), Chain(few, pass, _expand3x3, _expand3x3Activation));
    }
}
