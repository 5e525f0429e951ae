namespace IlgpuXai.Kernels;

/// <summary>Threads that live as long as the device and share one region of work at a time; the caller is thread 0.</summary>
/// <remarks>
/// Between regions the others spin for a short while (the next layer comes in microseconds), then park.
/// A region started inside a region runs on its own thread alone. An exception of any thread reaches the caller.
/// </remarks>
public sealed class Team : IDisposable
{
    /// <summary>Elements of a plain pass over memory below which another thread does not pay.</summary>
    public const int Grain = 32 * 1024;

    const int SpinsBeforePark = 4000;

    readonly Lock _oneRegion = new();
    readonly SemaphoreSlim[] _wake;
    readonly bool[] _parked;
    Action<int> _body = static _ => { };
    int _region, _running;
    Exception? _failure;
    bool _disposed;

    [ThreadStatic] static bool t_inside;

    public Team(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Size = threads;
        _wake = new SemaphoreSlim[threads];
        _parked = new bool[threads];
        for (int t = 1; t < threads; t++)
        {
            _wake[t] = new(0);
            int id = t;
            new Thread(() => Work(id)) { IsBackground = true, Name = $"cpu {id}" }.Start();
        }
    }

    public int Size { get; }

    /// <summary>Calls <paramref name="body"/> once on every thread with the thread's number, and returns when all are done.</summary>
    public void Run(Action<int> body)
    {
        if (Size == 1 || t_inside)
        {
            for (int t = 0; t < Size; t++) body(t);
            return;
        }
        lock (_oneRegion)
        {
            _body = body;
            _failure = null;
            Volatile.Write(ref _running, Size - 1);
            Interlocked.Increment(ref _region);
            for (int t = 1; t < Size; t++)
                if (Volatile.Read(ref _parked[t])) _wake[t].Release();
            Guarded(0);
            var wait = new SpinWait();
            while (Volatile.Read(ref _running) != 0) wait.SpinOnce(sleep1Threshold: -1);
            if (_failure is { } failure) throw new AggregateException(failure).Flatten();
        }
    }

    /// <summary>Splits 0 … count−1 into one contiguous range per thread, each a multiple of <paramref name="grain"/> but the last.</summary>
    public void For(long count, long grain, Action<long, long> body)
    {
        long units = (count + grain - 1) / grain;
        if (units <= 1 || Size == 1)
        {
            if (count > 0) body(0, count);
            return;
        }
        Run(t =>
        {
            long from = units * t / Size * grain, to = Math.Min(units * (t + 1) / Size * grain, count);
            if (from < to) body(from, to);
        });
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Interlocked.Increment(ref _region);
        for (int t = 1; t < Size; t++) _wake[t].Release();
    }

    void Guarded(int thread)
    {
        t_inside = true;
        try { _body(thread); }
#pragma warning disable CA1031 // every failure of a worker is handed to the caller of the region
        catch (Exception e) { Interlocked.CompareExchange(ref _failure, e, null); }
#pragma warning restore CA1031
        finally { t_inside = false; }
    }

    void Work(int thread)
    {
        for (int seen = 0; ;)
        {
            int spins = 0;
            while (Volatile.Read(ref _region) == seen)
            {
                if (++spins < SpinsBeforePark) Thread.SpinWait(20);
                else Park(thread, seen);
            }
            seen = Volatile.Read(ref _region);
            if (_disposed) return;
            Guarded(thread);
            Interlocked.Decrement(ref _running);
        }
    }

    // The flag is raised before the last look at the region, and Run looks at the flag after starting a region: one of both sees the other.
    void Park(int thread, int seen)
    {
        Interlocked.Exchange(ref _parked[thread], true);
        if (Volatile.Read(ref _region) == seen) _wake[thread].Wait();
        Volatile.Write(ref _parked[thread], false);
    }
}
