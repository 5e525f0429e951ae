namespace IlgpuXai.Engine;

/// <summary>From class scores to probabilities and losses.</summary>
public static class ClassificationOps
{
    /// <summary>exp(x − max) / Σ exp(x − max) along the last axis.</summary>
    public static Tensor Softmax(this Tensor x)
    {
        var (device, s) = (x.Device, Rows(x.Shape));
        var y = device.Compute(x.Shape, y => device.Softmax.Forward(x.View, y, s));
        return y.DependsOn((x, dy => device.Compute(x.Shape, dx => device.Softmax.Backward(y.View, dy.View, dx, s))));
    }

    /// <summary>x − log Σ exp(x) along the last axis.</summary>
    public static Tensor LogSoftmax(this Tensor x)
    {
        var (device, s) = (x.Device, Rows(x.Shape));
        var y = device.Compute(x.Shape, y => device.Softmax.LogForward(x.View, y, s));
        return y.DependsOn((x, dy => device.Compute(x.Shape, dx => device.Softmax.LogBackward(y.View, dy.View, dx, s))));
    }

    /// <summary>Σ v[t]·(−log softmax(x)[r, t]) / Σ v[t] over rows r with label t: x [N, Classes], class weights v [Classes] or all 1 → [].</summary>
    /// <exception cref="ShapeException">Labels are not N numbers from 0 to Classes − 1.</exception>
    public static Tensor CrossEntropy(this Tensor x, ReadOnlySpan<int> labels, Tensor? classWeights = null)
    {
        var s = CheckLabels(x.Shape, labels, classWeights?.Shape);
        var device = x.Device;
        using var saved = new Saved(device);
        var (targets, probabilities) = (saved.Integers(labels), saved.Allocate<float>(x.Shape.Elements));
        View weights = classWeights?.View ?? View.Empty;
        return saved.GoWith(device.Compute([], loss => device.Softmax.CrossEntropyForward(x.View, targets.View, weights, loss, probabilities.View, s))
            .DependsOn((x, dy => device.Compute(x.Shape, dx => device.Softmax.CrossEntropyBackward(probabilities.View, targets.View, weights, dy.View, dx, s)))));
    }

    /// <summary>Mean of −(p·t·log σ(x) + (1 − t)·log(1 − σ(x))): x, targets of one shape → []. p weighs the positives.</summary>
    public static Tensor BinaryCrossEntropyWithLogits(this Tensor x, Tensor targets, float positiveWeight = 1)
    {
        if (x.Shape != targets.Shape) throw new ShapeException($"binary cross-entropy: targets {targets.Shape} must have the shape of the scores {x.Shape}");
        var (device, kernels) = (x.Device, x.Device.Softmax);
        return device.Compute([], loss => kernels.BinaryCrossEntropyForward(x.View, targets.View, positiveWeight, loss)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => kernels.BinaryCrossEntropyBackward(x.View, targets.View, positiveWeight, dy.View, dx))));
    }

    static SoftmaxShape Rows(Shape x)
    {
        if (x.Rank == 0 || x[^1] == 0) throw new ShapeException($"softmax: input {x} has no classes along its last axis");
        return new(x.Product(..^1), x[^1]);
    }

    static SoftmaxShape CheckLabels(Shape x, ReadOnlySpan<int> labels, Shape? weights)
    {
        if (x.Rank != 2 || x[0] != labels.Length || x[1] == 0) throw new ShapeException($"cross-entropy: {labels.Length} labels need scores [{labels.Length}, Classes], these are {x}");
        if (weights is { } w && w != [x[1]]) throw new ShapeException($"cross-entropy: class weights {w} must be [{x[1]}]");
        for (int i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)x[1]) throw new ShapeException($"cross-entropy: label {labels[i]} at {i} is not a class, 0 … {x[1] - 1}");
        return new(x[0], x[1]);
    }
}
