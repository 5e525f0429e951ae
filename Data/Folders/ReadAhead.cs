using System.Runtime.ExceptionServices;

namespace IlgpuXai.Data;

/// <summary>Items prepared on threads of their own, ahead of who consumes them: pictures are decoded while the network computes.</summary>
public static class ReadAhead
{
    /// <summary>
    /// <paramref name="read"/> of every item, in the items' order, on <paramref name="threads"/> threads that begin at most <paramref name="ahead"/> items beyond the one asked for. The results do not
    /// depend on the number of threads. What <paramref name="read"/> throws is thrown to the consumer in the item's turn, after everything before it. The threads begin with the first item asked
    /// for, and have ended when the enumeration has: at its end, with <c>break</c>, on an exception or after <paramref name="stop"/>, as soon as the items being read are done.
    /// </summary>
    /// <exception cref="OperationCanceledException">While enumerating, at once after <paramref name="stop"/> was asked for.</exception>
    public static IEnumerable<TResult> Of<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> read, int threads, int ahead, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        return Enumerate(items, read, Math.Min(threads, ahead), ahead, stop);
    }

    static IEnumerable<TResult> Enumerate<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> read, int threads, int ahead, CancellationToken stop)
    {
        using var queue = new Queue<T, TResult>(items, read, threads, ahead, stop);
        for (int i = 0; i < items.Count; i++) yield return queue.Take(i);
    }

    /// <summary>A ring of results; item i lies in slot i mod its length from when it is read to when it is taken.</summary>
    sealed class Queue<T, TResult> : IDisposable
    {
        sealed record Slot(TResult? Result, ExceptionDispatchInfo? Failure);

        readonly IReadOnlyList<T> _items;
        readonly Func<T, TResult> _read;
        readonly CancellationToken _stop;
        readonly CancellationTokenRegistration _registration;
        readonly object _gate = new();                 // guards what follows, and is pulsed whenever it changes
        readonly Slot?[] _ring;
        readonly Thread[] _threads;
        int _begun, _taken;
        bool _ended;

        public Queue(IReadOnlyList<T> items, Func<T, TResult> read, int threads, int ahead, CancellationToken stop)
        {
            (_items, _read, _stop, _ring, _threads) = (items, read, stop, new Slot?[ahead], new Thread[threads]);
            _registration = stop.Register(End);
            for (int t = 0; t < threads; t++)
            {
                _threads[t] = new(Work) { IsBackground = true, Name = "read ahead" };
                _threads[t].Start();
            }
        }

        public TResult Take(int index)
        {
            Slot slot;
            lock (_gate)
            {
                while (!_stop.IsCancellationRequested && _ring[index % _ring.Length] is null) Monitor.Wait(_gate);
                _stop.ThrowIfCancellationRequested();
                slot = _ring[index % _ring.Length]!;
                _ring[index % _ring.Length] = null;
                _taken++;
                Monitor.PulseAll(_gate);
            }
            slot.Failure?.Throw();
            return slot.Result!;
        }

        void Work()
        {
            while (Claim() is int index)
            {
                var slot = Read(_items[index]);
                lock (_gate)
                {
                    _ring[index % _ring.Length] = slot;
                    Monitor.PulseAll(_gate);
                }
            }
        }

        int? Claim()
        {
            lock (_gate)
            {
                while (!_ended && _begun < _items.Count && _begun >= _taken + _ring.Length) Monitor.Wait(_gate);
                return _ended || _begun == _items.Count ? null : _begun++;
            }
        }

        Slot Read(T item)
        {
            try { return new(_read(item), null); }
#pragma warning disable CA1031 // whatever it is, the consumer gets it
            catch (Exception e) { return new(default, ExceptionDispatchInfo.Capture(e)); }
#pragma warning restore CA1031
        }

        void End()
        {
            lock (_gate)
            {
                _ended = true;
                Monitor.PulseAll(_gate);
            }
        }

        public void Dispose()
        {
            End();
            foreach (var thread in _threads) thread.Join();
            _registration.Dispose();
        }
    }
}
