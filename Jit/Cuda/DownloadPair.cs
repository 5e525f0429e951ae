namespace IlgpuXai.Jit;

/// <summary>Two pieces of pinned memory through which bytes come from the device: while the host empties one, the device fills the other. Not safe from several threads.</summary>
sealed unsafe class DownloadPair(CudaStream stream, long pieceBytes)
{
    readonly PinnedMemory _memory = new(stream, 2 * pieceBytes);
    readonly nint[] _events = new nint[2];

    /// <summary>Returns when <paramref name="to"/> is filled.</summary>
    public void Download(nint from, Span<byte> to)
    {
        int pieces = (int)((to.Length + pieceBytes - 1) / pieceBytes);
        Ask(0, from, to.Length);
        for (int i = 0; i < pieces; i++)
        {
            if (i + 1 < pieces) Ask(i + 1, from, to.Length);
            stream.Wait(_events[i % 2]);
            new ReadOnlySpan<byte>((void*)Place(i), Length(i, to.Length)).CopyTo(to[(int)(i * pieceBytes)..]);
        }
    }

    public void Free()
    {
        foreach (nint e in _events)
            if (e != 0) _ = stream.Driver.EventDestroy(e);
        Array.Clear(_events);
        _memory.Free();
    }

    void Ask(int piece, nint from, int length)
    {
        ref nint e = ref _events[piece % 2];
        if (e == 0) e = stream.NewEvent(DriverFlags.EventUntimed);
        stream.Check(stream.Driver.MemcpyDeviceToHost(Place(piece), from + (nint)(piece * pieceBytes), (nuint)Length(piece, length), stream.Handle), "copy from the device");
        stream.Record(e);
    }

    nint Place(int piece) => _memory.Address + (nint)(piece % 2 * pieceBytes);

    int Length(int piece, int length) => (int)Math.Min(pieceBytes, length - piece * pieceBytes);
}
