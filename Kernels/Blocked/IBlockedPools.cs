namespace IlgpuXai.Kernels;

/// <summary>Pooling between blocked maps, and its gradients. Outputs are overwritten.</summary>
public interface IBlockedPools
{
    /// <summary>The largest of each window; padding counts as −∞.</summary>
    /// <param name="argmax">Laid out as y: the number r·S + s of the first largest tap; or empty.</param>
    void Max(in BlockedMaps x, in BlockedMaps y, PoolWindow window, View argmax);

    /// <summary>The mean of each window; padding counts as zeros.</summary>
    void Average(in BlockedMaps x, in BlockedMaps y, PoolWindow window);

    /// <summary>The mean of each of y.H × y.W windows that share the map out.</summary>
    void AdaptiveAverage(in BlockedMaps x, in BlockedMaps y);

    /// <summary>dx from dy, to each window's first largest tap; then residual and gate of <paramref name="use"/>.</summary>
    void MaxBackward(in BlockedMaps dy, View argmax, in BlockedMaps dx, PoolWindow window, in ConvUse use);

    void AverageBackward(in BlockedMaps dy, in BlockedMaps dx, PoolWindow window, in ConvUse use);

    void AdaptiveAverageBackward(in BlockedMaps dy, in BlockedMaps dx, in ConvUse use);
}

/// <summary>Windows of a pooling; the size of y belongs to the call.</summary>
public readonly record struct PoolWindow(int R, int S, int StrideH, int StrideW, int PadH, int PadW);
