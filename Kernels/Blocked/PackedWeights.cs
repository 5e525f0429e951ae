namespace IlgpuXai.Kernels;

/// <summary>Packed weights of a planned convolution, and its bias.</summary>
sealed unsafe class PackedWeights : IDisposable
{
    readonly DeviceBuffer<float> _weights, _bias;

    /// <param name="weights">Floats, left to be written.</param>
    /// <param name="bias">[channels] or empty.</param>
    /// <param name="padded">Floats of the bias with zeros behind it.</param>
    public PackedWeights(Device device, long weights, View bias, int channels, int padded)
    {
        if (bias.Length > 0) Expect.Length(bias, channels, "planned convolution: bias");
        _bias = device.Allocate<float>(padded);
        try { _weights = device.Allocate<float>(weights); }
        catch
        {
            _bias.Dispose();
            throw;
        }
        device.Fill(_bias.View, 0);
        if (bias.Length > 0) device.Copy(bias, _bias.View.SubView(0, channels));
    }

    public float* Weights => _weights.View.Data;
    public float* Bias => _bias.View.Data;

    /// <summary>Of the weights.</summary>
    public long Bytes => _weights.Length * sizeof(float);

    public void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
    }
}
