using IlgpuXai.Engine;

namespace IlgpuXai.Models;

/// <summary>A new head on another network's features: [N, C, H, W] → [N, classes]; names begin with <c>backbone.</c> and <c>top.</c>.</summary>
/// <remarks>
/// <code>
/// var backbone = new DenseNet(Initializer.Unset(device), DenseNetTable.DenseNet169, classes: 0, eps: 1.001e-5f);
/// backbone.Load(weightsWithoutClassifier);
/// var model = new TransferClassifier(backbone, Heads.Pooled(init, classes: 7), classes: 7);
/// var optimizer = new Adam(model.Top.Parameters());
/// </code>
/// </remarks>
public sealed class TransferClassifier : ImageClassifier
{
    /// <param name="top">Makes the head for features [K, h, w], which it takes as [N, K, h, w]: <see cref="Heads"/>.</param>
    public TransferClassifier(ImageClassifier backbone, Func<Shape, Module> top, int classes) : base(Checked(backbone).InputShape, classes)
    {
        ArgumentNullException.ThrowIfNull(top);
        Backbone = Add("backbone", backbone);
        Top = Add("top", top(backbone.FeatureShape()));
    }

    public ImageClassifier Backbone { get; }
    public Module Top { get; }

    /// <summary>Whether training reaches the backbone; if not, its statistics stay as well, and nothing of its computation is remembered.</summary>
    public bool TrainsBackbone { get; init; }

    protected override Tensor RunFeatures(Tensor x, Pass pass) =>
        TrainsBackbone || !pass.Records ? Backbone.Features(x, pass) : Backbone.Features(x, new() { Watch = pass.Watch }).Leaf();     // where the head's history begins

    protected override Tensor RunHead(Tensor features, Pass pass) => Top.Forward(features, pass);

    static ImageClassifier Checked(ImageClassifier backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone;
    }
}

/// <summary>Heads for features [K, h, w] of any network.</summary>
public static class Heads
{
    /// <summary>Global average pooling and a dense layer; takes images of any size.</summary>
    public static Func<Shape, Module> Pooled(Initializer init, int classes) =>
        features => new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(init, features[0], classes));

    /// <summary>Flatten, dense, ReLU, batch norm, dropout, dense; takes images of the backbone's own size.</summary>
    public static Func<Shape, Module> Dense(Initializer init, int classes, int width = 512, float dropout = 0.5f) => features => new Sequential(
        new Flatten(), new Linear(init, features.Elements, width), new Relu(), new BatchNorm2d(init, width), new Dropout(dropout), new Linear(init, width, classes));
}
