using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>x·Scale[c] + Shift[c]: what a batch norm with frozen statistics is.</summary>
readonly struct ChannelAffine(double[] scale, double[] shift)
{
    public static ChannelAffine None => default;

    public bool IsNone => scale is null;
    public ReadOnlySpan<double> Scale => scale;
    public ReadOnlySpan<double> Shift => shift;

    public static ChannelAffine Of(NormOperation norm, Tensor weight, Tensor bias)
    {
        float[] gamma = weight.ToArray(), beta = bias.ToArray(), mean = norm.Mean.ToArray(), variance = norm.Variance.ToArray();
        double[] scale = new double[gamma.Length], shift = new double[gamma.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = gamma[c] / Math.Sqrt((double)variance[c] + norm.Eps);
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return new(scale, shift);
    }

    /// <summary>Scale and shift per lane of whole blocks.</summary>
    public (DeviceBuffer<float> Scale, DeviceBuffer<float> Shift) Upload(Device device) => (Lanes(device, scale), Lanes(device, shift));

    static DeviceBuffer<float> Lanes(Device device, double[] values)
    {
        var lanes = new float[BlockedMaps.BlocksOf(values.Length) * BlockedMaps.Lanes];
        for (int c = 0; c < values.Length; c++) lanes[c] = (float)values[c];
        var buffer = device.Allocate<float>(lanes.Length);
        device.Upload<float>(lanes, buffer.View);
        return buffer;
    }
}

/// <summary>Weights and bias of a convolution with the affine map behind it: w·scale[k], bias·scale + shift. Those without one are the layer's own.</summary>
sealed class FoldedWeights : IDisposable
{
    readonly DeviceBuffer<float>? _weight, _bias;

    public FoldedWeights(Device device, Tensor weight, Tensor? bias, ChannelAffine after)
    {
        (Weight, Bias) = (weight.View, bias?.View ?? View.Empty);
        if (after.IsNone) return;
        int filters = weight.Shape[0], filter = weight.Shape.Elements / Math.Max(1, filters);
        _weight = device.Allocate<float>(weight.Shape.Elements);
        _bias = device.Allocate<float>(filters);
        device.Copy(weight.View, _weight.View);
        device.Write(_weight.View, w =>
        {
            for (int k = 0; k < filters; k++)
                foreach (ref float v in w.Slice(k * filter, filter)) v = (float)(v * after.Scale[k]);
        });
        float[] b = bias?.ToArray() ?? new float[filters];
        for (int k = 0; k < filters; k++) b[k] = (float)(b[k] * after.Scale[k] + after.Shift[k]);
        device.Upload<float>(b, _bias.View);
        (Weight, Bias) = (_weight.View, _bias.View);
    }

    public View Weight { get; }
    public View Bias { get; }

    public void Dispose()
    {
        _weight?.Dispose();
        _bias?.Dispose();
    }
}
