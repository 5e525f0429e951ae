namespace IlgpuXai.Engine;

/// <summary>Dropout, with the random draw as a parameter.</summary>
public static class DropoutOps
{
    /// <summary>Each element is 0 with probability Rate, else x/(1 − Rate); the same draw drops the same elements on every device.</summary>
    public static Tensor Dropout(this Tensor x, DropoutDraw draw)
    {
        if (!(draw.Rate is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(draw), $"dropout: rate {draw.Rate} must be at least 0 and below 1");
        var device = x.Device;
        return device.Compute(x.Shape, y => device.Dropout.Apply(x.View, y, draw)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => device.Dropout.Apply(dy.View, dx, draw))));
    }
}
