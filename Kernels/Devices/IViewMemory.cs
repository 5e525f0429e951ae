using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Memory of a device as views of its bytes: what the pool keeps, and what copies run between.</summary>
/// <remarks>Requests take effect in the order they were made, together with the device's kernels.</remarks>
public interface IViewMemory
{
    /// <summary>A block, aligned to at least 64 bytes; an empty view means there is no more.</summary>
    ArrayView<byte> Reserve(long bytes);

    /// <param name="block">As <see cref="Reserve"/> returned it.</param>
    void Release(ArrayView<byte> block);

    /// <summary>Whether the host reaches the memory, and nothing is asynchronous.</summary>
    bool IsHost => false;

    /// <summary>The elements in place, where <see cref="IsHost"/>.</summary>
    Span<float> InPlace(View view) => throw new NotSupportedException();

    /// <summary>Returns when <paramref name="from"/> may be changed again.</summary>
    void Upload(ReadOnlySpan<byte> from, ArrayView<byte> to);

    /// <summary>Returns when <paramref name="to"/> is filled.</summary>
    void Download(ArrayView<byte> from, Span<byte> to);

    /// <summary>Between views that do not overlap.</summary>
    void Copy(ArrayView<byte> from, ArrayView<byte> to);
    void Fill(View to, float value);

    /// <summary>Returns when everything that was asked for is done.</summary>
    void Synchronize();
}

/// <summary>Memory that has addresses, as views.</summary>
sealed unsafe class AddressedMemory(IMemory memory) : IViewMemory
{
    public ArrayView<byte> Reserve(long bytes) => memory.Reserve(bytes) is var address and not 0 ? Views.At(address, bytes) : default;
    public void Release(ArrayView<byte> block) => memory.Release((nint)block.Data, block.Length);
    public bool IsHost => memory is HostMemory;
    public Span<float> InPlace(View view) => IsHost ? new((void*)view.Data, checked((int)view.Length)) : throw new NotSupportedException();
    public void Upload(ReadOnlySpan<byte> from, ArrayView<byte> to) => memory.Upload(from, (nint)to.Data);
    public void Download(ArrayView<byte> from, Span<byte> to) => memory.Download((nint)from.Data, to);
    public void Copy(ArrayView<byte> from, ArrayView<byte> to) => memory.Copy((nint)from.Data, (nint)to.Data, from.Length);
    public void Fill(View to, float value) => memory.Fill((nint)to.Data, to.Length, value);
    public void Synchronize() => memory.Synchronize();
}
