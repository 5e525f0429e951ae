namespace IlgpuXai.Engine;

/// <summary>Device memory shared by tensors: those of one reshaping, a leaf and the tensor it was cut from. The last share returns it.</summary>
sealed class Storage(DeviceBuffer<float> buffer)
{
    int _shares = 1;

    public View View => buffer.View;
    public bool HasOneShare => Volatile.Read(ref _shares) == 1;

    public Storage Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0) buffer.Dispose();
    }
}
