using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Models;

/// <summary>A network that can be named on the command line.</summary>
/// <param name="InputShape">[C, H, W].</param>
/// <param name="Parameters">Trained numbers, with <paramref name="Classes"/> classes.</param>
/// <param name="Make">The network for a number of classes.</param>
public sealed record ModelEntry(string Name, string Description, Shape InputShape, int Classes, long Parameters, Func<Initializer, int, ImageClassifier> Make)
{
    /// <param name="classes">As many as it was published for, unless given.</param>
    public ImageClassifier Create(Initializer init, int? classes = null) => Make(init, classes ?? Classes);
}

/// <summary>A name of no model; the message is one line with the nearest name, or all of them.</summary>
public sealed class UnknownModelException(string message) : Exception(message);

/// <summary>The networks that can be named.</summary>
public static class ModelCatalogue
{
    /// <summary>By the names that the command line uses: torchvision's, where it has the network.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        new("mnist-cnn", "two 3×3 convolutions, max-pool, two dense layers", [1, 28, 28], 10, 1_199_882, (init, classes) => new MnistCnn(init, classes)),
        Cifar(20, 269_722), Cifar(32, 464_154), Cifar(44, 658_586), Cifar(56, 853_018),
        ImageNet("resnet18", "residual network of basic blocks", 11_689_512, ResNetTable.ResNet18),
        ImageNet("resnet34", "residual network of basic blocks", 21_797_672, ResNetTable.ResNet34),
        ImageNet("resnet50", "residual network of bottlenecks, v1.5", 25_557_032, ResNetTable.ResNet50),
        ImageNet("resnet101", "residual network of bottlenecks, v1.5", 44_549_160, ResNetTable.ResNet101),
        ImageNet("resnet152", "residual network of bottlenecks, v1.5", 60_192_808, ResNetTable.ResNet152),
        ImageNet("resnext50_32x4d", "ResNet-50 with 32 groups of 4 channels", 25_028_904, ResNetTable.ResNeXt50),
        ImageNet("wide_resnet50_2", "ResNet-50 with 3×3 convolutions twice as wide", 68_883_240, ResNetTable.WideResNet50),
        Vgg(11, 132_863_336), VggNorm(11, 132_868_840), Vgg(13, 133_047_848), VggNorm(13, 133_053_736),
        Vgg(16, 138_357_544), VggNorm(16, 138_365_992), Vgg(19, 143_667_240), VggNorm(19, 143_678_248),
        ImageNet("densenet121", 7_978_856, DenseNetTable.DenseNet121), ImageNet("densenet161", 28_681_000, DenseNetTable.DenseNet161),
        ImageNet("densenet169", 14_149_480, DenseNetTable.DenseNet169), ImageNet("densenet201", 20_013_928, DenseNetTable.DenseNet201),
        ImageNet("alexnet", "five convolutions, three dense layers", 61_100_840, (init, classes) => new AlexNet(init, classes)),
        ImageNet("squeezenet1_1", "1×1 convolutions before and beside 3×3", 1_235_496, (init, classes) => new SqueezeNet(init, classes)),
    ];

    /// <exception cref="UnknownModelException">There is no such model.</exception>
    public static ModelEntry Find(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new UnknownModelException(NearestName.Unknown("model", name, [.. All.Select(m => m.Name)]));

    static ModelEntry ImageNet(string name, string description, long parameters, Func<Initializer, int, ImageClassifier> make) => new(name, description, [3, 224, 224], 1000, parameters, make);

    static ModelEntry ImageNet(string name, string description, long parameters, ResNetTable table) => ImageNet(name, description, parameters, (init, classes) => new ResNet(init, table, classes));

    static ModelEntry ImageNet(string name, long parameters, DenseNetTable table) =>
        ImageNet(name, $"densely connected network, {2 * table.Blocks.Sum() + 5} layers", parameters, (init, classes) => new DenseNet(init, table, classes));

    static ModelEntry Cifar(int depth, long parameters) =>
        new($"resnet{depth}", $"residual network for CIFAR-10, {depth} layers", [3, 32, 32], 10, parameters, (init, classes) => new CifarResNet(init, depth, classes));

    static ModelEntry Vgg(int depth, long parameters) => ImageNet($"vgg{depth}", $"VGG: {depth - 3} convolutions, three dense layers", parameters, (init, classes) => new Vgg(init, depth, batchNorm: false, classes));

    static ModelEntry VggNorm(int depth, long parameters) => ImageNet($"vgg{depth}_bn", $"VGG: {depth - 3} convolutions with batch norm, three dense layers", parameters, (init, classes) => new Vgg(init, depth, batchNorm: true, classes));
}
