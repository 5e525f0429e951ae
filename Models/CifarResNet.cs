using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>The residual networks of 6n + 2 layers for images of 32×32, with shortcuts that have no weights: [N, 3, H, W] → [N, classes]. He et al. 2015, section 4.2.</summary>
/// <remarks>Names are those of the PyTorch implementations for CIFAR-10. Features end at <c>layer3</c>, [N, 64, H/4, W/4].</remarks>
public sealed class CifarResNet : ImageClassifier
{
    readonly Module[] _features, _head;

    /// <param name="depth">20, 32, 44, 56, …</param>
    public CifarResNet(Initializer init, int depth, int classes = 10) : base([3, 32, 32], classes)
    {
        ArgumentNullException.ThrowIfNull(init);
        if (depth < 8 || depth % 6 != 2) throw new ArgumentOutOfRangeException(nameof(depth), $"resnet of depth {depth}: 6n + 2 layers were expected");
        init = init.With(new() { Convolution = static (init, shape) => init.KaimingNormal(shape), Linear = static (init, shape) => init.KaimingNormal(shape) });
        List<Module> features = [Add("conv1", new Conv2d(init, 3, 16, kernel: 3, padding: 1, bias: false)), Add("bn1", new BatchNorm2d(init, 16)), Add("relu", new Relu())];
        for (int stage = 0, channels = 16; stage < 3; stage++)
        {
            int width = 16 << stage;
            var blocks = new Module[(depth - 2) / 6];
            for (int i = 0; i < blocks.Length; i++, channels = width)
                blocks[i] = channels == width ? new BasicBlock(init, width, width) : new BasicBlock(init, channels, width, stride: 2, new HalvedShortcut(width - channels), "shortcut");
            features.Add(Add($"layer{stage + 1}", new Sequential(blocks)));
        }
        _features = [.. features];
        Module[] pool = [Add("avgpool", new AdaptiveAvgPool2d(1)), new Flatten()];
        _head = classes == 0 ? pool : [.. pool, Add("linear", new Linear(init, 64, classes))];
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, _features);

    protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features, pass, _head);
}

/// <summary>Every second pixel of every second row, between as many channels of zeros before as after: [N, C, H, W] → [N, C + more, ⌈H/2⌉, ⌈W/2⌉] (option A).</summary>
sealed class HalvedShortcut(int more) : Module
{
    protected override Tensor Run(Tensor x, Pass pass)
    {
        var kept = x.AvgPool2d(kernel: 1, stride: 2);
        var zeros = x.Device.Zeros(kept.Shape.With(1, more / 2));
        return Tensor.Concat(1, zeros, kept, zeros);
    }
}
