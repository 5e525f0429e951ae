using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>VGG with torchvision's names: [N, 3, H, W] → [N, classes]. Simonyan and Zisserman 2014, arXiv:1409.1556.</summary>
/// <remarks>Five stages of 3×3 convolutions, each closed by a max-pool. Features end at <c>features</c>, [N, 512, H/32, W/32]; the head pools them to 7×7. Without classes the scores are those 25,088 numbers.</remarks>
public sealed class Vgg : ImageClassifier
{
    /// <summary>Convolutions per stage.</summary>
    static readonly Dictionary<int, int[]> Stages = new() { [11] = [1, 1, 2, 2, 2], [13] = [2, 2, 2, 2, 2], [16] = [2, 2, 3, 3, 3], [19] = [2, 2, 4, 4, 4] };
    static readonly int[] Widths = [64, 128, 256, 512, 512];

    readonly Module _features;
    readonly Module[] _head;

    /// <param name="depth">11, 13, 16 or 19 layers with weights.</param>
    public Vgg(Initializer init, int depth, bool batchNorm = false, int classes = 1000) : base([3, 224, 224], classes)
    {
        ArgumentNullException.ThrowIfNull(init);
        if (!Stages.TryGetValue(depth, out int[]? stages)) throw new ArgumentOutOfRangeException(nameof(depth), $"vgg of depth {depth}: {string.Join(", ", Stages.Keys)} were expected");
        init = init.With(new() { Convolution = static (init, shape) => init.KaimingNormal(shape, fanOut: true), Linear = static (init, shape) => init.Normal(shape, 0.01), ZeroBias = true });
        List<Module> features = [];
        for (int stage = 0, channels = 3; stage < stages.Length; stage++)
        {
            for (int i = 0; i < stages[stage]; i++, channels = Widths[stage])
            {
                features.Add(new Conv2d(init, channels, Widths[stage], kernel: 3, padding: 1));
                if (batchNorm) features.Add(new BatchNorm2d(init, Widths[stage]));
                features.Add(new Relu());
            }
            features.Add(new MaxPool2d(kernel: 2));
        }
        _features = Add("features", new Sequential([.. features]));
        Module[] pool = [Add("avgpool", new AdaptiveAvgPool2d(7)), new Flatten()];
        _head = classes == 0 ? pool :
        [
            .. pool, Add("classifier", new Sequential(
                new Linear(init, 512 * 7 * 7, 4096), new Relu(), new Dropout(), new Linear(init, 4096, 4096), new Relu(), new Dropout(), new Linear(init, 4096, classes))),
        ];
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => _features.Forward(x, pass);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}
