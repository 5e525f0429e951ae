namespace IlgpuXai.Jit;

/// <summary>A moment in the queue of a context: when the device has done what was asked for before.</summary>
public sealed unsafe class CudaMoment : IDisposable
{
    readonly CudaContext _context;
    readonly CudaStream _stream;
    nint _event;

    internal CudaMoment(CudaContext context, CudaStream stream)
    {
        (_context, _stream) = (context, stream);
        _event = stream.NewEvent(DriverFlags.EventTimed);
        stream.Record(_event);
    }

    /// <summary>Time on the device, milliseconds; waits until <paramref name="later"/> has passed.</summary>
    public float MillisecondsUntil(CudaMoment later)
    {
        ArgumentNullException.ThrowIfNull(later);
        ObjectDisposedException.ThrowIf(_event == 0 || later._event == 0, this);
        _context.MakeCurrent();
        _stream.Wait(later._event);
        float milliseconds;
        _stream.Check(_stream.Driver.EventElapsedTime(&milliseconds, _event, later._event), "time between events");
        return milliseconds;
    }

    public void Dispose()
    {
        if (_event != 0) _ = _stream.Driver.EventDestroy(_event);
        _event = 0;
    }
}
