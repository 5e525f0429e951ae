using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>One densely connected network: layers per block, channels that each adds, channels before the first block.</summary>
public sealed record DenseNetTable(IReadOnlyList<int> Blocks, int Growth = 32, int Stem = 64)
{
    public static DenseNetTable DenseNet121 { get; } = new([6, 12, 24, 16]);
    public static DenseNetTable DenseNet161 { get; } = new([6, 12, 36, 24], Growth: 48, Stem: 96);
    public static DenseNetTable DenseNet169 { get; } = new([6, 12, 32, 32]);
    public static DenseNetTable DenseNet201 { get; } = new([6, 12, 48, 32]);
}

/// <summary>DenseNet with torchvision's names: [N, 3, H, W] → [N, classes]. Huang et al. 2016, arXiv:1608.06993.</summary>
/// <remarks>Features are <c>features</c> after the last ReLU, [N, K, H/32, W/32]. Without classes the scores are their means [N, K].</remarks>
public sealed class DenseNet : ImageClassifier
{
    readonly Module _features, _relu;
    readonly Module[] _head;

    /// <param name="eps">Of every batch norm; weights that come from Keras need 1.001e-5.</param>
    public DenseNet(Initializer init, DenseNetTable table, int classes = 1000, float eps = 1e-5f) : base([3, 224, 224], classes)
    {
        ArgumentNullException.ThrowIfNull(init);
        ArgumentNullException.ThrowIfNull(table);
        init = init.With(new() { Convolution = static (init, shape) => init.KaimingNormal(shape), ZeroBias = true });
        int channels = table.Stem;
        List<(string, Module)> features =
        [
            ("conv0", new Conv2d(init, 3, channels, kernel: 7, stride: 2, padding: 3, bias: false)), ("norm0", new BatchNorm2d(init, channels, eps)),
            ("relu0", new Relu()), ("pool0", new MaxPool2d(kernel: 3, stride: 2, padding: 1)),
        ];
        for (int i = 1; i <= table.Blocks.Count; i++)
        {
            features.Add(($"denseblock{i}", new DenseBlock(init, table.Blocks[i - 1], channels, table.Growth, eps)));
            channels += table.Blocks[i - 1] * table.Growth;
            if (i == table.Blocks.Count) break;
            features.Add(($"transition{i}", new Sequential(("norm", new BatchNorm2d(init, channels, eps)), ("relu", new Relu()),
                ("conv", new Conv2d(init, channels, channels / 2, kernel: 1, bias: false)), ("pool", new AvgPool2d(kernel: 2)))));
            channels /= 2;
        }
        _features = Add("features", new Sequential([.. features, ("norm5", new BatchNorm2d(init, channels, eps))]));
        _relu = new Relu();
        Module[] pool = [new AdaptiveAvgPool2d(1), new Flatten()];
        _head = classes == 0 ? pool : [.. pool, Add("classifier", new Linear(init, channels, classes))];
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, _features, _relu);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}

/// <summary>Layers each of which sees the results of all before it: [N, C, H, W] → [N, C + layers·growth, H, W].</summary>
sealed class DenseBlock : Module
{
    readonly Module[] _layers;

    public DenseBlock(Initializer init, int layers, int channels, int growth, float eps) =>
        _layers = [.. Enumerable.Range(0, layers).Select(i => Add($"denselayer{i + 1}", new DenseLayer(init, channels + i * growth, growth, eps)))];

    protected override Tensor Run(Tensor x, Pass pass)
    {
        var all = x;
        foreach (var layer in _layers)
        {
            Tensor before = all, y = layer.Forward(before, pass);
            all = Tensor.Concat(1, before, y);
            if (all.RequiresGrad) continue;
            y.Dispose();
            if (!ReferenceEquals(before, x)) before.Dispose();
        }
        return all;
    }
}

/// <summary>What a layer adds: norm, ReLU, 1×1 to four times the growth, norm, ReLU, 3×3: [N, C, H, W] → [N, growth, H, W].</summary>
sealed class DenseLayer : Module
{
    const int Bottleneck = 4;

    readonly Module _norm1, _relu1, _conv1, _norm2, _relu2, _conv2;

    public DenseLayer(Initializer init, int channels, int growth, float eps)
    {
        _norm1 = Add("norm1", new BatchNorm2d(init, channels, eps));
        _relu1 = Add("relu1", new Relu());
        _conv1 = Add("conv1", new Conv2d(init, channels, Bottleneck * growth, kernel: 1, bias: false));
        _norm2 = Add("norm2", new BatchNorm2d(init, Bottleneck * growth, eps));
        _relu2 = Add("relu2", new Relu());
        _conv2 = Add("conv2", new Conv2d(init, Bottleneck * growth, growth, kernel: 3, padding: 1, bias: false));
    }

    protected override Tensor Run(Tensor x, Pass pass) => Chain(x, pass, _norm1, _relu1, _conv1, _norm2, _relu2, _conv2);
}
