using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>The digit study's network, 1,199,882 parameters: two 3×3 convolutions of 32 and 64 channels without padding, max-pool, dense 128, dense 10.</summary>
/// <remarks>[N, 1, 28, 28] → [N, classes]. Dropout of ¼ after the pool and ½ after the dense layer, in training only.</remarks>
public sealed class MnistCnn : ImageClassifier
{
    readonly Module _conv1, _relu1, _conv2, _relu2, _pool, _dropout1, _flatten, _fc1, _relu3, _dropout2, _fc2;

    public MnistCnn(Initializer init, int classes = 10) : base([1, 28, 28], classes)
    {
        _conv1 = Add("conv1", new Conv2d(init, 1, 32, kernel: 3));
        _relu1 = Add("relu1", new Relu());
        _conv2 = Add("conv2", new Conv2d(init, 32, 64, kernel: 3));
        _relu2 = Add("relu2", new Relu());
        _pool = Add("pool", new MaxPool2d(kernel: 2));
        _dropout1 = Add("dropout1", new Dropout(0.25f));
        _flatten = Add("flatten", new Flatten());
        _fc1 = Add("fc1", new Linear(init, 64 * 12 * 12, 128));
        _relu3 = Add("relu3", new Relu());
        _dropout2 = Add("dropout2", new Dropout(0.5f));
        _fc2 = Add("fc2", new Linear(init, 128, Classes));
    }

    /// <summary>[N, 1, 28, 28] → [N, 64, 12, 12]; <c>relu2</c>, before pooling, has 24×24.</summary>
    protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, _conv1, _relu1, _conv2, _relu2, _pool);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _dropout1, _flatten, _fc1, _relu3, _dropout2, _fc2);
}
