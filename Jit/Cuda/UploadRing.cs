namespace IlgpuXai.Jit;

/// <summary>Pinned memory through which bytes go to the device: the caller's are copied into it and may change at once, the device fetches them in its own time.</summary>
/// <remarks>
/// Places are given out one behind the other and come back in the same order, each when an event behind its copy has passed. An upload waits only when
/// the ring is full of bytes that the device has not fetched. Not safe from several threads.
/// </remarks>
sealed unsafe class UploadRing(CudaStream stream, long bytes)
{
    const long Alignment = 256;

    readonly PinnedMemory _memory = new(stream, bytes);
    readonly Queue<(long End, nint Event)> _pending = new();
    readonly Stack<nint> _events = new();
    long _head, _tail;                                    // bytes given out and come back since the start: head − tail ≤ bytes

    public void Upload(ReadOnlySpan<byte> from, nint to)
    {
        long most = bytes / 4;                            // so that the host fills one place while the device empties another
        while (from.Length > 0)
        {
            var part = from[..(int)Math.Min(from.Length, most)];
            nint place = Take(part.Length);
            part.CopyTo(new Span<byte>((void*)place, part.Length));
            stream.Check(stream.Driver.MemcpyHostToDevice(to, place, (nuint)part.Length, stream.Handle), "copy to the device");
            Sent();
            from = from[part.Length..];
            to += part.Length;
        }
    }

    public void Free()
    {
        while (_pending.TryDequeue(out var p)) _events.Push(p.Event);
        while (_events.TryPop(out nint e)) _ = stream.Driver.EventDestroy(e);
        _memory.Free();
    }

    nint Take(long length)
    {
        length = (length + Alignment - 1) / Alignment * Alignment;
        long place = _head % bytes;
        if (place + length > bytes) (_head, place) = (_head + bytes - place, 0);       // the rest of the ring stays empty this time
        while (_head + length - _tail > bytes) Retire();
        _head += length;
        return _memory.Address + (nint)place;
    }

    void Sent()
    {
        nint e = _events.TryPop(out nint used) ? used : stream.NewEvent(DriverFlags.EventUntimed);
        stream.Record(e);
        _pending.Enqueue((_head, e));
        while (_pending.TryPeek(out var first) && stream.Driver.EventQuery(first.Event) == CudaStatus.Success) Retire();
    }

    void Retire()
    {
        var (end, e) = _pending.Dequeue();
        stream.Wait(e);
        _events.Push(e);
        _tail = end;
    }
}
