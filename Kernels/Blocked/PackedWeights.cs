namespace IlgpuXai.Kernels;

/// <summary>Packed weights of a planned convolution and, behind them, its bias: one block of memory.</summary>
sealed unsafe class PackedWeights : IDisposable
{
    readonly DeviceBuffer<float> _block;
    readonly long _weights;

    /// <param name="weights">Floats, left to be written.</param>
    /// <param name="bias">[channels] or empty.</param>
    /// <param name="padded">Floats of the bias with zeros behind it.</param>
    public PackedWeights(Device device, long weights, View bias, int channels, int padded)
    {
        if (bias.Length > 0) Expect.Length(bias, channels, "planned convolution: bias");
        (_weights, _block) = (weights, device.Allocate<float>(weights + padded));
        device.Fill(_block.View.SubView(weights, padded), 0);
        if (bias.Length > 0) device.Copy(bias, _block.View.SubView(weights, channels));
    }

    public float* Weights => _block.View.Data;
    public float* Bias => Weights + _weights;

    /// <summary>Of the weights.</summary>
    public long Bytes => _weights * sizeof(float);

    public void Dispose() => _block.Dispose();
}
