namespace IlgpuXai.Kernels;

/// <summary>Raw memory of a device, and the ways in and out of it.</summary>
/// <remarks>
/// An address is a number that views carry and count on: where the host cannot reach the memory, nothing but this memory and the
/// runner of the same device gives it a meaning. Requests take effect in the order they were made, together with the device's kernels.
/// </remarks>
public interface IMemory
{
    /// <summary>The address of a block, aligned to at least 64 bytes; 0 means there is no more.</summary>
    nint Reserve(long bytes);
    void Release(nint address, long bytes);

    /// <summary>Returns when <paramref name="from"/> may be changed again.</summary>
    void Upload(ReadOnlySpan<byte> from, nint to);

    /// <summary>Returns when <paramref name="to"/> is filled.</summary>
    void Download(nint from, Span<byte> to);

    /// <summary>Between blocks or places of one block that do not overlap.</summary>
    void Copy(nint from, nint to, long bytes);
    void Fill(nint to, long count, float value);

    /// <summary>Returns when everything that was asked for is done.</summary>
    void Synchronize();
}
