namespace IlgpuXai.Engine;

/// <summary>Buffers that an operation allocates before its result: the result takes them over, or they are freed where the operation fails.</summary>
sealed class Saved(Device device) : IDisposable
{
    readonly List<IDisposable> _buffers = [];

    public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged => Add(device.Allocate<T>(length));

    public DeviceBuffer<int> Integers(ReadOnlySpan<int> values) => Add(device.Integers(values));

    /// <summary>Hands everything to the result, whose gradient needs it.</summary>
    public Tensor GoWith(Tensor y)
    {
        foreach (var buffer in _buffers) y.Owns(buffer);
        _buffers.Clear();
        return y;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
    }

    DeviceBuffer<T> Add<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        _buffers.Add(buffer);
        return buffer;
    }
}
