namespace IlgpuXai.Engine;

/// <summary>Where tensors come from.</summary>
public static class DeviceTensors
{
    /// <summary>Frees at its end every tensor made on this device by this thread in the meantime, except those it keeps.</summary>
    public static Scope Scope(this Device device) => new(device);

    /// <summary>A tensor with these values, row-major.</summary>
    public static Tensor Tensor(this Device device, Shape shape, ReadOnlySpan<float> values)
    {
        if (values.Length != shape.Elements) throw new ShapeException($"tensor: shape {shape} holds {shape.Elements} values, {values.Length} were given");
        var t = device.Empty(shape);
        device.Upload(values, t.View);
        return t;
    }

    public static Tensor Full(this Device device, Shape shape, float value) => device.Compute(shape, y => device.Fill(y, value));

    public static Tensor Zeros(this Device device, Shape shape) => device.Full(shape, 0);

    /// <summary>A tensor with undefined contents.</summary>
    public static Tensor Empty(this Device device, Shape shape) => new(device, shape, new Storage(device.Allocate<float>(shape.Elements)));

    /// <summary>A tensor whose contents <paramref name="fill"/> writes; freed if that fails.</summary>
    public static Tensor Compute(this Device device, Shape shape, Action<View> fill)
    {
        var t = device.Empty(shape);
        try
        {
            fill(t.View);
            return t;
        }
        catch
        {
            t.Dispose();
            throw;
        }
    }

    /// <summary>Integers (labels, positions) on the device; the caller's to dispose.</summary>
    public static DeviceBuffer<int> Integers(this Device device, ReadOnlySpan<int> values)
    {
        var buffer = device.Allocate<int>(values.Length);
        device.Upload(values, buffer.View);
        return buffer;
    }
}
