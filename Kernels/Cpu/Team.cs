using System.Runtime.ExceptionServices;

namespace IlgpuXai.Kernels;

/// <summary>Threads that live as long as the device and share one region of work at a time; the caller is thread 0.</summary>
/// <remarks>
/// Work is claimed in pieces, never assigned: the caller alone can finish a region, and waits only for threads that have entered it.
/// A core that the system has given to somebody else costs its share of the speed and no more. Between regions the threads spin for
/// a short while (the next layer comes in microseconds), then park. A region started inside a region runs on its own thread alone.
/// An exception of any thread reaches the caller.
/// </remarks>
public sealed class Team : IDisposable
{
    /// <summary>Elements of a plain pass over memory below which another thread does not pay.</summary>
    public const int Grain = 32 * 1024;

    const int SpinsBeforePark = 2000, PiecesPerThread = 4;

    readonly Lock _oneRegion = new();
    readonly SemaphoreSlim[] _wake;
    readonly bool[] _parked;
    Action<int> _body = static _ => { };
    int _region, _inside;
    bool _open, _disposed;
    Exception? _failure;

    // Whether this thread works on a region, of any team: what it begins then, it does alone.
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

    /// <summary>Calls <paramref name="body"/> with the thread's number on the caller (0) and on those other threads that are free before the caller is done.</summary>
    /// <remarks>The body claims its work from a shared counter and returns when there is none left.</remarks>
    public void Run(Action<int> body)
    {
        if (Size == 1 || t_inside)
        {
            body(0);
            return;
        }
        lock (_oneRegion)
        {
            _body = body;
            _failure = null;
            Volatile.Write(ref _open, true);
            Interlocked.Increment(ref _region);
            for (int t = 1; t < Size; t++)
                if (Volatile.Read(ref _parked[t])) _wake[t].Release();
            Guarded(0);
            Interlocked.Exchange(ref _open, false);
            var wait = new SpinWait();
            while (Volatile.Read(ref _inside) != 0) wait.SpinOnce(sleep1Threshold: -1);
            if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Calls <paramref name="body"/> for contiguous ranges [from, to) that cover 0 … count−1, each a multiple of <paramref name="grain"/> long but the last.</summary>
    public void For(long count, long grain, Action<long, long> body)
    {
        long units = (count + grain - 1) / grain, pieces = Math.Min(units, Size == 1 ? 1 : PiecesPerThread * Size);
        if (pieces <= 1)
        {
            if (count > 0) body(0, count);
            return;
        }
        int claimed = 0;
        Run(_ =>
        {
            for (long i; (i = Interlocked.Increment(ref claimed) - 1) < pieces;)
                body(units * i / pieces * grain, Math.Min(units * (i + 1) / pieces * grain, count));
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
            if (_disposed) return;
            // First inside, then a look whether the region is still open; Run closes first, then looks who is inside. One of both sees the other,
            // and while anybody is inside, the body stays.
            Interlocked.Increment(ref _inside);
            seen = Volatile.Read(ref _region);
            if (Volatile.Read(ref _open)) Guarded(thread);
            Interlocked.Decrement(ref _inside);
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
