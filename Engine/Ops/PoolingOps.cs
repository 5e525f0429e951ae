namespace IlgpuXai.Engine;

/// <summary>Pooling of images: x [N, C, H, W] → [N, C, P, Q].</summary>
public static class PoolingOps
{
    /// <summary>The largest value of each window; the gradient goes to the first of equals.</summary>
    /// <param name="stride">The kernel's size unless given.</param>
    /// <param name="ceilMode">Whether a last window may hang over the far edge.</param>
    public static Tensor MaxPool2d(this Tensor x, Pair kernel, Pair? stride = null, Pair? padding = null, bool ceilMode = false)
    {
        var s = Window(x.Shape, kernel, stride ?? kernel, padding ?? 0, ceilMode);
        var (device, pool) = (x.Device, x.Device.Pool2d);
        using var saved = new Saved(device);
        var argmax = saved.Allocate<int>((long)s.Planes * s.P * s.Q);
        return saved.GoWith(device.Compute([x.Shape[0], x.Shape[1], s.P, s.Q], y => pool.MaxForward(x.View, y, argmax.View, s))
            .DependsOn((x, dy => device.Compute(x.Shape, dx => pool.MaxBackward(dy.View, argmax.View, dx, s)))).By(new MaxPoolOperation(s)));
    }

    /// <summary>The mean of each window; padding counts as zeros.</summary>
    /// <param name="stride">The kernel's size unless given.</param>
    public static Tensor AvgPool2d(this Tensor x, Pair kernel, Pair? stride = null, Pair? padding = null)
    {
        var s = Window(x.Shape, kernel, stride ?? kernel, padding ?? 0);
        var (device, pool) = (x.Device, x.Device.Pool2d);
        return device.Compute([x.Shape[0], x.Shape[1], s.P, s.Q], y => pool.AverageForward(x.View, y, s)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => pool.AverageBackward(dy.View, dx, s)))).By(new AveragePoolOperation(s));
    }

    /// <summary>The mean of each of P × Q windows that share the image out; 1 is global pooling.</summary>
    public static Tensor AdaptiveAvgPool2d(this Tensor x, Pair outputSize)
    {
        CheckImages(x.Shape);
        var s = new AdaptivePoolShape(x.Shape[0] * x.Shape[1], x.Shape[2], x.Shape[3], outputSize.H, outputSize.W);
        var (device, pool) = (x.Device, x.Device.Pool2d);
        return device.Compute([x.Shape[0], x.Shape[1], s.P, s.Q], y => pool.AdaptiveAverageForward(x.View, y, s)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => pool.AdaptiveAverageBackward(dy.View, dx, s)))).By(new AdaptiveAverageOperation());
    }

    static Pool2dShape Window(Shape x, Pair kernel, Pair stride, Pair padding, bool ceil = false)
    {
        CheckImages(x);
        return new(x[0] * x[1], x[2], x[3], kernel.H, kernel.W, stride.H, stride.W, padding.H, padding.W, ceil);
    }

    static void CheckImages(Shape x)
    {
        if (x.Rank != 4) throw new ShapeException($"pool2d: input {x} must be [N, C, H, W]");
    }
}
