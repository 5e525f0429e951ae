using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>Two 3×3 convolutions, the first with the stride, beside a shortcut: [N, C, H, W] → [N, width, H/stride, W/stride]. He et al. 2015, arXiv:1512.03385.</summary>
sealed class BasicBlock : Module
{
    readonly Module _conv1, _bn1, _conv2, _bn2;
    readonly Module? _shortcut;
    readonly Relu _relu;

    public BasicBlock(Initializer init, int inChannels, int width, int stride = 1, Module? shortcut = null, string shortcutName = "downsample")
    {
        _conv1 = Add("conv1", new Conv2d(init, inChannels, width, kernel: 3, stride, padding: 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(init, width));
        _relu = Add("relu", new Relu());
        _conv2 = Add("conv2", new Conv2d(init, width, width, kernel: 3, padding: 1, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(init, width));
        if (shortcut is not null) _shortcut = Add(shortcutName, shortcut);
    }

    protected override Tensor Run(Tensor x, Pass pass) =>
        Residual(Chain(x, pass, _conv1, _bn1, _relu, _conv2, _bn2), _shortcut?.Forward(x, pass) ?? x, _relu, pass);
}

/// <summary>1×1 to the width, 3×3 with the stride (v1.5), 1×1 to four times the base width, beside a shortcut: [N, C, H, W] → [N, 4·baseWidth, H/stride, W/stride].</summary>
/// <remarks>The width is that of the 3×3 convolution: more than the base in ResNeXt (arXiv:1611.05431), where it goes in groups, and in wide networks (arXiv:1605.07146).</remarks>
sealed class Bottleneck : Module
{
    public const int Expansion = 4;

    readonly Module _conv1, _bn1, _conv2, _bn2, _conv3, _bn3;
    readonly Module? _downsample;
    readonly Relu _relu;

    public Bottleneck(Initializer init, int inChannels, int baseWidth, int width, int stride = 1, int groups = 1, Module? downsample = null)
    {
        int outChannels = baseWidth * Expansion;
        _conv1 = Add("conv1", new Conv2d(init, inChannels, width, kernel: 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(init, width));
        _conv2 = Add("conv2", new Conv2d(init, width, width, kernel: 3, stride, padding: 1, groups: groups, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(init, width));
        _conv3 = Add("conv3", new Conv2d(init, width, outChannels, kernel: 1, bias: false));
        _bn3 = Add("bn3", new BatchNorm2d(init, outChannels));
        _relu = Add("relu", new Relu());
        if (downsample is not null) _downsample = Add("downsample", downsample);
    }

    protected override Tensor Run(Tensor x, Pass pass) =>
        Residual(Chain(x, pass, _conv1, _bn1, _relu, _conv2, _bn2, _relu, _conv3, _bn3), _downsample?.Forward(x, pass) ?? x, _relu, pass);
}
