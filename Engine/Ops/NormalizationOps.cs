namespace IlgpuXai.Engine;

/// <summary>Batch normalisation per channel, y = (x − mean)/√(var + eps)·weight + bias: x [N, C, ...], the rest [C].</summary>
public static class NormalizationOps
{
    /// <summary>With the batch's own mean and variance, through which the gradient flows; moves the running statistics by <paramref name="momentum"/>.</summary>
    /// <exception cref="ShapeException">A shape does not fit, or there are fewer than two values per channel.</exception>
    public static Tensor BatchNormTraining(this Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, float momentum = 0.1f, float eps = 1e-5f)
    {
        var s = NormShape(x, eps, weight, bias, runningMean, runningVar);
        if ((long)s.N * s.HW < 2) throw new ShapeException($"batch norm: training needs more than one value per channel, input is {x.Shape}");
        var (device, norm) = (x.Device, x.Device.BatchNorm);
        using var saved = new Saved(device);
        var (mean, invStd) = (saved.Allocate<float>(s.C), saved.Allocate<float>(s.C));
        var y = device.Compute(x.Shape, y => norm.TrainingForward(x.View, weight.View, bias.View, runningMean.View, runningVar.View, momentum, y, mean.View, invStd.View, s));
        var back = Edges.Once(dy =>
        {
            Tensor dx = device.Empty(x.Shape), dw = device.Empty([s.C]), db = device.Empty([s.C]);
            norm.TrainingBackward(dy.View, x.View, weight.View, mean.View, invStd.View, dx.View, dw.View, db.View, s);
            return Tuple.Create(dx, dw, db);
        });
        return saved.GoWith(y.DependsOn((x, dy => back(dy).Item1), (weight, dy => back(dy).Item2), (bias, dy => back(dy).Item3)));
    }

    /// <summary>With the running statistics, which are constants.</summary>
    public static Tensor BatchNormInference(this Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, float eps = 1e-5f)
    {
        var s = NormShape(x, eps, weight, bias, runningMean, runningVar);
        var (device, norm) = (x.Device, x.Device.BatchNorm);
        var y = device.Compute(x.Shape, y => norm.InferenceForward(x.View, weight.View, bias.View, runningMean.View, runningVar.View, y, s));
        var back = Edges.Once(dy =>
        {
            Tensor dw = device.Empty([s.C]), db = device.Empty([s.C]);
            norm.InferenceBackwardParameters(dy.View, x.View, runningMean.View, runningVar.View, dw.View, db.View, s);
            return Tuple.Create(dw, db);
        });
        return y.DependsOn(
            (x, dy => device.Compute(x.Shape, dx => norm.InferenceBackwardInput(dy.View, weight.View, runningVar.View, dx, s))),
            (weight, dy => back(dy).Item1),
            (bias, dy => back(dy).Item2)).By(new NormOperation(runningMean, runningVar, eps));
    }

    /// <summary>The same without a history, written to y, which may be x; results below <paramref name="least"/> become it.</summary>
    internal static Tensor BatchNormInto(this Tensor x, Tensor y, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, float eps, float least)
    {
        x.Device.BatchNorm.InferenceForward(x.View, weight.View, bias.View, runningMean.View, runningVar.View, y.View, NormShape(x, eps, weight, bias, runningMean, runningVar), least);
        return y;
    }

    static BatchNormShape NormShape(Tensor x, float eps, params ReadOnlySpan<Tensor> perChannel)
    {
        if (x.Shape.Rank < 2) throw new ShapeException($"batch norm: input {x.Shape} must be [N, C, ...]");
        foreach (var p in perChannel)
            if (p.Shape != [x.Shape[1]]) throw new ShapeException($"batch norm: input {x.Shape} has {x.Shape[1]} channels, weight, bias or statistics are {p.Shape}");
        return new(x.Shape[0], x.Shape[1], x.Shape.Product(2..), eps);
    }
}
