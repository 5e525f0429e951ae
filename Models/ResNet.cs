using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>One residual network: blocks per stage, which block, and the width of its 3×3 convolution, groups · widthPerGroup/64 times the base.</summary>
public sealed record ResNetTable(IReadOnlyList<int> Blocks, bool Bottlenecks = true, int Groups = 1, int WidthPerGroup = 64)
{
    public static ResNetTable ResNet18 { get; } = new([2, 2, 2, 2], Bottlenecks: false);
    public static ResNetTable ResNet34 { get; } = new([3, 4, 6, 3], Bottlenecks: false);
    public static ResNetTable ResNet50 { get; } = new([3, 4, 6, 3]);
    public static ResNetTable ResNet101 { get; } = new([3, 4, 23, 3]);
    public static ResNetTable ResNet152 { get; } = new([3, 8, 36, 3]);
    public static ResNetTable ResNeXt50 { get; } = new([3, 4, 6, 3], Groups: 32, WidthPerGroup: 4);
    public static ResNetTable WideResNet50 { get; } = new([3, 4, 6, 3], WidthPerGroup: 128);
}

/// <summary>ResNet v1.5, ResNeXt and wide ResNet with torchvision's names: [N, 3, H, W] → [N, classes]. He et al. 2015, arXiv:1512.03385.</summary>
/// <remarks>Features end at <c>layer4</c>, [N, K, H/32, W/32]. Without classes the scores are their means [N, K].</remarks>
public sealed class ResNet : ImageClassifier
{
    readonly Module[] _features, _head;

    public ResNet(Initializer init, ResNetTable table, int classes = 1000) : base([3, 224, 224], classes)
    {
        ArgumentNullException.ThrowIfNull(init);
        ArgumentNullException.ThrowIfNull(table);
        init = init.With(new() { Convolution = static (init, shape) => init.KaimingNormal(shape, fanOut: true) });
        int channels = 64;
        List<Module> features =
        [
            Add("conv1", new Conv2d(init, 3, channels, kernel: 7, stride: 2, padding: 3, bias: false)), Add("bn1", new BatchNorm2d(init, channels)),
            Add("relu", new Relu()), Add("maxpool", new MaxPool2d(kernel: 3, stride: 2, padding: 1)),
        ];
        for (int stage = 0; stage < table.Blocks.Count; stage++)
        {
            var blocks = new Module[table.Blocks[stage]];
            for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(init, table, ref channels, 64 << stage, stride: stage > 0 && i == 0 ? 2 : 1);
            features.Add(Add($"layer{stage + 1}", new Sequential(blocks)));
        }
        _features = [.. features];
        Module[] pool = [Add("avgpool", new AdaptiveAvgPool2d(1)), new Flatten()];
        _head = classes == 0 ? pool : [.. pool, Add("fc", new Linear(init, channels, classes))];
    }

    static Module Block(Initializer init, ResNetTable table, ref int channels, int baseWidth, int stride)
    {
        int from = channels, to = channels = table.Bottlenecks ? baseWidth * Bottleneck.Expansion : baseWidth;
        var downsample = stride == 1 && from == to ? null : new Sequential(new Conv2d(init, from, to, kernel: 1, stride, bias: false), new BatchNorm2d(init, to));
        return table.Bottlenecks ? new Bottleneck(init, from, baseWidth, baseWidth * table.WidthPerGroup / 64 * table.Groups, stride, table.Groups, downsample)
            : new BasicBlock(init, from, baseWidth, stride, downsample);
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, _features);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}
