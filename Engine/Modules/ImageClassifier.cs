namespace IlgpuXai.Engine;

/// <summary>A classifier of images cut where class activation maps look: Forward = Head ∘ Features.</summary>
public abstract class ImageClassifier : Module
{
    protected ImageClassifier(Shape inputShape, int classes) => (InputShape, Classes) = (inputShape, classes);

    /// <summary>[C, H, W] of the images it was made for.</summary>
    public Shape InputShape { get; }

    /// <summary>0 for a network without its classifier: its scores are then the features as its head pools them.</summary>
    public int Classes { get; }

    /// <summary>[K, h, w] of the features of an image of <see cref="InputShape"/>, found by running one.</summary>
    public Shape FeatureShape()
    {
        using var scope = Device.Scope();
        return Features(Device.Zeros([1, .. InputShape])).Shape[1..];
    }

    /// <summary>x [N, C, H, W] → the last spatial activations [N, K, h, w].</summary>
    public Tensor Features(Tensor x, Pass? pass = null)
    {
        CheckInput(x);
        return Scoped(x, pass, RunFeatures);
    }

    /// <summary>Activations [N, K, h, w] → class scores before softmax [N, Classes].</summary>
    public Tensor Head(Tensor features, Pass? pass = null) => Scoped(features, pass, RunHead);

    protected abstract Tensor RunFeatures(Tensor x, Pass pass);
    protected abstract Tensor RunHead(Tensor features, Pass pass);

    protected sealed override Tensor Run(Tensor x, Pass pass)
    {
        var features = Features(x, pass);
        var y = Head(features, pass);
        if (!y.RequiresGrad) features.Dispose();
        return y;
    }

    void CheckInput(Tensor x)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] != InputShape[0])
            throw new ShapeException($"{GetType().Name}: input {x.Shape}, expected [N, {string.Join(", ", InputShape.Sizes.ToArray())}]");
    }

    static Tensor Scoped(Tensor x, Pass? pass, Func<Tensor, Pass, Tensor> run)
    {
        using var scope = x.Device.Scope();
        return scope.Keep(run(x, pass ?? Pass.Inference));
    }
}
