namespace IlgpuXai.Engine;

/// <summary>Losses of numbers against numbers.</summary>
public static class RegressionOps
{
    /// <summary>Mean of (x − target)²: x and target of one shape → [].</summary>
    public static Tensor MeanSquaredError(this Tensor x, Tensor target)
    {
        if (x.Shape != target.Shape) throw new ShapeException($"mean squared error: target {target.Shape} must have the shape of the result {x.Shape}");
        using var scope = x.Device.Scope();
        return scope.Keep((x - target).Square().Mean());
    }
}
