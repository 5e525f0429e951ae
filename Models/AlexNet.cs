using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>AlexNet with torchvision's names, in the form for one GPU: [N, 3, H, W] → [N, classes]. Krizhevsky 2014, arXiv:1404.5997.</summary>
/// <remarks>Features end at <c>features</c>, [N, 256, 6, 6] of 224×224; the head pools them to 6×6. Without classes the scores are those 9,216 numbers.</remarks>
public sealed class AlexNet : ImageClassifier
{
    readonly Module _features;
    readonly Module[] _head;

    public AlexNet(Initializer init, int classes = 1000) : base([3, 224, 224], classes)
    {
        _features = Add("features", new Sequential(
            new Conv2d(init, 3, 64, kernel: 11, stride: 4, padding: 2), new Relu(), new MaxPool2d(kernel: 3, stride: 2),
            new Conv2d(init, 64, 192, kernel: 5, padding: 2), new Relu(), new MaxPool2d(kernel: 3, stride: 2),
            new Conv2d(init, 192, 384, kernel: 3, padding: 1), new Relu(),
            new Conv2d(init, 384, 256, kernel: 3, padding: 1), new Relu(),
            new Conv2d(init, 256, 256, kernel: 3, padding: 1), new Relu(), new MaxPool2d(kernel: 3, stride: 2)));
        Module[] pool = [Add("avgpool", new AdaptiveAvgPool2d(6)), new Flatten()];
        _head = classes == 0 ? pool :
        [
            .. pool, Add("classifier", new Sequential(
                new Dropout(), new Linear(init, 256 * 6 * 6, 4096), new Relu(), new Dropout(), new Linear(init, 4096, 4096), new Relu(), new Linear(init, 4096, classes))),
        ];
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => _features.Forward(x, pass);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}
