namespace IlgpuXai.Jit;

/// <summary>Buffers with addresses that can be counted on: the high bits number a buffer, the low ones say how far inside.</summary>
/// <remarks>OpenCL 1.2 knows no addresses. Views count on these as on any; nobody follows one but this class and the launches.</remarks>
public sealed unsafe class OpenClMemory
{
    const int OffsetBits = 40;                                  // a buffer of up to 1 TiB

    readonly OpenClContext _context;
    readonly OpenClLibrary _cl = OpenClLibrary.Instance;
    readonly nint _clContext;
    readonly List<nint> _buffers = [0];                         // number 0: the address 0 of an empty view
    readonly Stack<int> _free = [];
    readonly Lock _lock = new();

    internal OpenClMemory(OpenClContext context, nint clContext) => (_context, _clContext) = (context, clContext);

    /// <summary>0 where there is no more memory.</summary>
    public nint Reserve(long bytes)
    {
        if (bytes > _context.Device.MaxAllocation) return 0;
        int error;
        nint buffer = _cl.CreateBuffer(_clContext, 1, (nuint)bytes, null, &error);
        if (error != 0 || !Touch(buffer)) return 0;
        lock (_lock)
        {
            if (!_free.TryPop(out int number))
            {
                number = _buffers.Count;
                _buffers.Add(0);
            }
            _buffers[number] = buffer;
            return (nint)number << OffsetBits;
        }
    }

    // Drivers may take memory at first use only: better to learn now that there is none.
    bool Touch(nint buffer)
    {
        byte zero = 0;
        if (_cl.EnqueueFillBuffer(_context.Queue, buffer, &zero, 1, 0, 1, 0, null, null) == 0) return true;
        _cl.ReleaseMemObject(buffer);
        return false;
    }

    public void Release(nint address)
    {
        lock (_lock)
        {
            int number = (int)(address >> OffsetBits);
            _cl.ReleaseMemObject(_buffers[number]);
            _buffers[number] = 0;
            _free.Push(number);
        }
    }

    /// <summary>The buffer an address lies in, and how many bytes behind its start; no buffer for the address 0.</summary>
    internal nint Find(nint address, out long offset)
    {
        offset = address & ((1L << OffsetBits) - 1);
        lock (_lock) return _buffers[(int)(address >> OffsetBits)];
    }

    public void Upload(ReadOnlySpan<byte> from, nint to)
    {
        nint buffer = Find(to, out long offset);
        fixed (byte* p = from) OpenClLibrary.Check(_cl.EnqueueWriteBuffer(_context.Queue, buffer, 1, (nuint)offset, (nuint)from.Length, p, 0, null, null), "OpenCL upload");
    }

    public void Download(nint from, Span<byte> to)
    {
        nint buffer = Find(from, out long offset);
        fixed (byte* p = to) OpenClLibrary.Check(_cl.EnqueueReadBuffer(_context.Queue, buffer, 1, (nuint)offset, (nuint)to.Length, p, 0, null, null), "OpenCL download");
    }

    public void Copy(nint from, nint to, long bytes)
    {
        nint source = Find(from, out long start), target = Find(to, out long end);
        OpenClLibrary.Check(_cl.EnqueueCopyBuffer(_context.Queue, source, target, (nuint)start, (nuint)end, (nuint)bytes, 0, null, null), "OpenCL copy");
    }

    public void Fill(nint to, long count, float value)
    {
        nint buffer = Find(to, out long offset);
        OpenClLibrary.Check(_cl.EnqueueFillBuffer(_context.Queue, buffer, &value, sizeof(float), (nuint)offset, (nuint)(count * sizeof(float)), 0, null, null), "OpenCL fill");
    }
}
