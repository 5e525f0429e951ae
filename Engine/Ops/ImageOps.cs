namespace IlgpuXai.Engine;

/// <summary>How a resized image finds its values between the pixels.</summary>
public enum Interpolation
{
    /// <summary>align_corners = false, no antialiasing.</summary>
    Bilinear,

    /// <summary>The pixel at ⌊p·H/P⌋, ⌊q·W/Q⌋.</summary>
    Nearest,
}

/// <summary>Resampling of images.</summary>
public static class ImageOps
{
    /// <summary>Resampling: x [..., H, W] → [..., size.H, size.W], as PyTorch's interpolate.</summary>
    public static Tensor Resize(this Tensor x, Pair size, Interpolation mode = Interpolation.Bilinear)
    {
        if (x.Shape.Rank < 2 || x.Shape.Elements == 0 || size.H < 1 || size.W < 1) throw new ShapeException($"resize: cannot resample {x.Shape} to {size.H}×{size.W}");
        var s = new ResizeShape(x.Shape.Product(..^2), x.Shape[^2], x.Shape[^1], size.H, size.W);
        var (device, resize, bilinear) = (x.Device, x.Device.Resize, mode == Interpolation.Bilinear);
        Action<View, View, ResizeShape> forward = bilinear ? resize.BilinearForward : resize.NearestForward, backward = bilinear ? resize.BilinearBackward : resize.NearestBackward;
        return device.Compute([.. x.Shape.Sizes[..^2], s.P, s.Q], y => forward(x.View, y, s)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => backward(dy.View, dx, s))));
    }
}
