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

    /// <summary>For blocks of channels.</summary>
    public AffineLanes Upload(Device device) => new(device, scale, shift);
}

/// <summary>Scale and shift per lane of whole blocks, on a device.</summary>
sealed class AffineLanes : IDisposable
{
    readonly DeviceBuffer<float> _block;

    public AffineLanes(Device device, double[] scale, double[] shift)
    {
        int lanes = BlockedMaps.BlocksOf(scale.Length) * BlockedMaps.Lanes;
        var values = new float[2 * lanes];
        for (int c = 0; c < scale.Length; c++) (values[c], values[lanes + c]) = ((float)scale[c], (float)shift[c]);
        _block = device.Allocate<float>(values.Length);
        device.Upload<float>(values, _block.View);
        (Scale, Shift) = (_block.View.SubView(0, lanes), _block.View.SubView(lanes, lanes));
    }

    public View Scale { get; }
    public View Shift { get; }

    public void Dispose() => _block.Dispose();
}

/// <summary>Weights and bias of a convolution with the affine map behind it: w·scale[k], bias·scale + shift. Those without one are the layer's own.</summary>
sealed class FoldedWeights : IDisposable
{
    readonly DeviceBuffer<float>? _block;

    public FoldedWeights(Device device, Tensor weight, Tensor? bias, ChannelAffine after)
    {
        (Weight, Bias) = (weight.View, bias?.View ?? View.Empty);
        if (after.IsNone) return;
        int filters = weight.Shape[0], filter = weight.Shape.Elements / Math.Max(1, filters);
        _block = device.Allocate<float>(weight.Shape.Elements + filters);
        (Weight, Bias) = (_block.View.SubView(0, weight.Shape.Elements), _block.View.SubView(weight.Shape.Elements, filters));
        device.Copy(weight.View, Weight);
        device.Write(Weight, w =>
        {
            for (int k = 0; k < filters; k++)
                foreach (ref float v in w.Slice(k * filter, filter)) v = (float)(v * after.Scale[k]);
        });
        float[] b = bias?.ToArray() ?? new float[filters];
        for (int k = 0; k < filters; k++) b[k] = (float)(b[k] * after.Scale[k] + after.Shift[k]);
        device.Upload<float>(b, Bias);
    }

    public View Weight { get; }
    public View Bias { get; }

    public void Dispose() => _block?.Dispose();
}
