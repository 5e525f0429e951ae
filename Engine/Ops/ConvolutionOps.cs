namespace IlgpuXai.Engine;

/// <summary>Convolution of images.</summary>
public static class ConvolutionOps
{
    /// <summary>2-D convolution: x [N, C, H, W], weight [K, C/groups, R, S], bias [K] or none → [N, K, P, Q], P = ⌊(H + 2·padding − dilation·(R − 1) − 1)/stride⌋ + 1.</summary>
    /// <param name="stride">1 unless given, as <paramref name="dilation"/>; <paramref name="padding"/> is 0.</param>
    public static Tensor Conv2d(this Tensor x, Tensor weight, Tensor? bias = null, Pair? stride = null, Pair? padding = null, Pair? dilation = null, int groups = 1)
    {
        var s = ConvShape(x.Shape, weight.Shape, bias?.Shape, stride ?? 1, padding ?? 0, dilation ?? 1, groups);
        var (device, conv) = (x.Device, x.Device.Conv2d);
        var y = device.Compute([s.N, s.K, s.P, s.Q], y => conv.Forward(x.View, weight.View, bias?.View ?? View.Empty, y, s));
        return y.DependsOn([
            (x, dy => device.Compute(x.Shape, dx => conv.BackwardInput(dy.View, weight.View, dx, s))),
            (weight, dy => device.Compute(weight.Shape, dw => conv.BackwardWeight(x.View, dy.View, dw, s))),
            .. Edges.Optional(bias, dy => device.Compute([s.K], db => conv.BackwardBias(dy.View, db, s)))]).By(new ConvOperation(s));
    }

    static Conv2dShape ConvShape(Shape x, Shape weight, Shape? bias, Pair stride, Pair padding, Pair dilation, int groups)
    {
        if (x.Rank != 4 || weight.Rank != 4) throw new ShapeException($"conv2d: input {x} must be [N, C, H, W] and weight {weight} [K, C/groups, R, S]");
        if (groups > 0 && x[1] != weight[1] * groups)
            throw new ShapeException($"conv2d: input {x} has {x[1]} channels, weight {weight} expects {weight[1] * groups}");
        if (bias is { } b && b != [weight[0]]) throw new ShapeException($"conv2d: bias {b} must be [{weight[0]}], one number per channel of the result");
        return new(x[0], x[1], x[2], x[3], weight[0], weight[2], weight[3], stride.H, stride.W, padding.H, padding.W, dilation.H, dilation.W, groups);
    }
}
