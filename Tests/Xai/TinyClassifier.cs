using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>conv 3×3, ReLU, dense: small enough to know, with weights from outside.</summary>
sealed class TinyClassifier : ImageClassifier
{
    readonly Module _conv, _relu, _flatten, _fc;
    readonly int _mostImages;

    /// <param name="mostImages">A larger batch runs out of memory, as on a small device.</param>
    public TinyClassifier(Device device, int channels, int height, int width, int features, int classes, int mostImages = int.MaxValue) : base([channels, height, width], classes)
    {
        var init = new Initializer(device, 5);
        _conv = Add("conv", new Conv2d(init, channels, features, kernel: 3));
        _relu = Add("relu", new Engine.Relu());
        _flatten = Add("flatten", new Flatten());
        _fc = Add("fc", new Linear(init, features * (height - 2) * (width - 2), classes));
        _mostImages = mostImages;
    }

    public TinyClassifier With(IReadOnlyDictionary<string, float[]> state)
    {
        foreach (var (name, tensor) in State()) tensor.Device.Upload<float>(state[name], tensor.View);
        return this;
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) =>
        x.Shape[0] <= _mostImages ? Chain(x, pass, _conv, _relu) : throw new OutOfDeviceMemoryException(4L * x.View.Length, 0);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _flatten, _fc);
}

/// <summary>z₀ = Σ w·x and z₁ = 0: every map can be worked by hand.</summary>
sealed class LinearClassifier : ImageClassifier
{
    readonly Module _flatten, _fc;

    public LinearClassifier(Device device, Shape input, float[] weights) : base(input, 2)
    {
        _flatten = Add("flatten", new Flatten());
        _fc = Add("fc", new Linear(new Initializer(device), weights.Length, 2));
        foreach (var (name, tensor) in State())
            device.Upload<float>(name == "fc.weight" ? [.. weights, .. new float[weights.Length]] : new float[2], tensor.View);
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => x.Reshape(x.Shape.Sizes);
    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _flatten, _fc);
}
