namespace IlgpuXai.Engine;

/// <summary>Matrix products.</summary>
public static class LinearOps
{
    /// <summary>y = x·weightᵀ + bias: x [..., In], weight [Out, In], bias [Out] or none → [..., Out].</summary>
    public static Tensor Linear(this Tensor x, Tensor weight, Tensor? bias = null)
    {
        var (rows, into, from) = LinearShape(x.Shape, weight.Shape, bias?.Shape);
        var (device, product) = (x.Device, x.Device.MatMul);
        var y = device.Compute(x.Shape.With(-1, into), y =>
        {
            product.Multiply(x.View, weight.View, y, new(rows, into, from, transposeB: true));
            if (bias is not null) device.Binary.Forward<Add>(y, bias.View, y, BroadcastShape.Of([rows, into], [into]));
        });
        return y.DependsOn([
            (x, dy => device.Compute(x.Shape, dx => product.Multiply(dy.View, weight.View, dx, new(rows, from, into)))),
            (weight, dy => device.Compute(weight.Shape, dw => product.Multiply(dy.View, x.View, dw, new(into, from, rows, transposeA: true)))),
            .. Edges.Optional(bias, dy => dy.SumTo([into]))]);
    }

    /// <summary>Matrix product: a [..., M, K], b [..., K, N] → [..., M, N], with equal leading axes, or b [K, N] for all of a.</summary>
    public static Tensor MatMul(this Tensor a, Tensor b)
    {
        var (sa, sb) = (a.Shape, b.Shape);
        if (sa.Rank < 2 || sb.Rank < 2 || sa[^1] != sb[^2]) throw new ShapeException($"matmul: {sa} and {sb} do not fit, [..., M, K] and [..., K, N] were expected");
        using var scope = a.Device.Scope();
        if (sb.Rank == 2) return scope.Keep(a.Reshape(sa.Product(..^1), sa[^1]).Product(b).Reshape(sa.With(-1, sb[^1]).Sizes));
        if (sa[..^2] != sb[..^2]) throw new ShapeException($"matmul: the leading axes of {sa} and {sb} differ");
        return scope.Keep(a.Product(b));
    }

    static Tensor Product(this Tensor a, Tensor b)
    {
        int batch = a.Shape.Product(..^2), m = a.Shape[^2], k = a.Shape[^1], n = b.Shape[^1];
        var (device, product) = (a.Device, a.Device.MatMul);
        return device.Compute(a.Shape.With(-1, n), y => product.Multiply(a.View, b.View, y, new(m, n, k, batch: batch))).DependsOn(
            (a, dy => device.Compute(a.Shape, da => product.Multiply(dy.View, b.View, da, new(m, k, n, transposeB: true, batch: batch)))),
            (b, dy => device.Compute(b.Shape, db => product.Multiply(a.View, dy.View, db, new(k, n, m, transposeA: true, batch: batch)))));
    }

    static (int Rows, int Into, int From) LinearShape(Shape x, Shape weight, Shape? bias)
    {
        if (x.Rank < 1 || weight.Rank != 2 || x[^1] != weight[1]) throw new ShapeException($"linear: input {x} and weight {weight} do not fit, [..., In] and [Out, In] were expected");
        if (bias is { } b && b != [weight[0]]) throw new ShapeException($"linear: bias {b} must be [{weight[0]}], one number per output");
        return (x.Product(..^1), weight[0], weight[1]);
    }
}
