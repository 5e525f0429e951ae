namespace IlgpuXai.Jit;

/// <summary>Memory of the host that the device copies to and from by itself. Made when first used; the context of the stream has to be current.</summary>
sealed unsafe class PinnedMemory(CudaStream stream, long bytes)
{
    nint _address;

    public long Bytes => bytes;

    public nint Address
    {
        get
        {
            if (_address == 0)
            {
                nint address;
                stream.Check(stream.Driver.MemAllocHost(&address, (nuint)bytes), $"{bytes / 1048576.0:0.##} MiB of pinned host memory");
                _address = address;
            }
            return _address;
        }
    }

    /// <summary>Whatever was asked for has to be done.</summary>
    public void Free()
    {
        if (_address != 0) _ = stream.Driver.MemFreeHost(_address);
        _address = 0;
    }
}
