using System.Buffers;
using System.Runtime.InteropServices;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>What runs the operations: memory and one implementation of every family of kernels.</summary>
/// <remarks>
/// All operations take views of buffers of the same device, overwrite their outputs, and are asynchronous where the
/// hardware is: results are there for the host after <see cref="Download{T}"/> or <see cref="Synchronize"/>.
/// Inputs and outputs must not overlap unless the operation says so. The same inputs give the same bits on the same
/// device, for any number of threads.
/// </remarks>
public abstract class Device : IDisposable
{
    readonly MemoryPool _pool;
    readonly IViewMemory _memory;

    /// <summary>A device in the processor's memory.</summary>
    protected Device() : this(new PagedMemory()) { }

    protected Device(IMemory memory) : this(new AddressedMemory(memory)) { }

    protected Device(IViewMemory memory) => _pool = new MemoryPool(_memory = memory);

    /// <summary>The word that selects it on the command line: <c>cpu</c>, <c>simt</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line for people: processor, threads, vector width.</summary>
    public abstract string Description { get; }

    public abstract IMatMul MatMul { get; }
    public abstract IConv2d Conv2d { get; }
    public abstract IPool2d Pool2d { get; }
    public abstract IBatchNorm BatchNorm { get; }
    public abstract IUnaryKernels Unary { get; }
    public abstract IBinaryKernels Binary { get; }
    public abstract IReduce Reduce { get; }
    public abstract ISoftmax Softmax { get; }
    public abstract ISlice Slice { get; }
    public abstract IResize Resize { get; }
    public abstract IDropout Dropout { get; }
    public abstract IOptimize Optimize { get; }
    public abstract IOcclude Occlude { get; }
    public abstract IPath Path { get; }

    /// <summary>Operations of plans; null where the device has none and networks run layer by layer.</summary>
    public virtual IBlockedKernels? Blocked => null;

    /// <summary>Memory handed out and not returned, bytes.</summary>
    public long LiveBytes => _pool.LiveBytes;

    /// <summary>The most that was live at once since the start or the last <see cref="ResetPeak"/>, bytes.</summary>
    public long PeakBytes => _pool.PeakBytes;

    /// <summary>Memory taken from the system: live buffers and those kept for reuse, bytes.</summary>
    public long ReservedBytes => _pool.ReservedBytes;

    public void ResetPeak() => _pool.ResetPeak();

    /// <summary>Gives the memory kept for reuse back to the system.</summary>
    public void Trim() => _pool.Trim();

    /// <summary>A buffer of <paramref name="length"/> elements with undefined contents.</summary>
    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    /// <exception cref="OutOfDeviceMemoryException">The system has no more memory, even after a <see cref="Trim"/>.</exception>
    public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged => new(_pool, length);

    /// <summary>Returns when <paramref name="from"/> may be changed again.</summary>
    public void Upload<T>(ReadOnlySpan<T> from, ArrayView<T> to) where T : unmanaged
    {
        SameLength(from.Length, to.Length);
        if (from.Length > 0) _memory.Upload(MemoryMarshal.AsBytes(from), to.Cast<byte>());
    }

    /// <summary>Whether the host reaches the device's memory: <see cref="Write"/> then needs no copy, and several threads may use it at once.</summary>
    public bool IsHost => _memory.IsHost;

    /// <summary>Lets <paramref name="write"/> fill the elements: in place where the host reaches them, else in a buffer that is uploaded.</summary>
    public void Write(View to, Action<Span<float>> write)
    {
        int length = checked((int)to.Length);
        if (length == 0) return;
        if (IsHost)
        {
            write(_memory.InPlace(to));
            return;
        }
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            write(rented.AsSpan(0, length));
            Upload<float>(rented.AsSpan(0, length), to);
        }
        finally { ArrayPool<float>.Shared.Return(rented); }
    }

    /// <summary>Returns when everything asked for before is done and <paramref name="to"/> is filled.</summary>
    public void Download<T>(ArrayView<T> from, Span<T> to) where T : unmanaged
    {
        SameLength(to.Length, from.Length);
        if (to.Length > 0) _memory.Download(from.Cast<byte>(), MemoryMarshal.AsBytes(to));
    }

    /// <summary>to ← from; the two must not overlap.</summary>
    public void Copy(View from, View to)
    {
        SameLength(from.Length, to.Length);
        if (from.Length > 0) _memory.Copy(from.Cast<byte>(), to.Cast<byte>());
    }

    public void Fill(View x, float value)
    {
        if (x.Length > 0) _memory.Fill(x, value);
    }

    /// <summary>Returns when everything that was asked for is done.</summary>
    public void Synchronize() => _memory.Synchronize();

    static void SameLength(long one, long other)
    {
        if (one != other) throw new ShapeException($"copy: {one} elements on one side, {other} on the other");
    }

    /// <summary>Gives the memory back: that of buffers still in use when they are disposed.</summary>
    public virtual void Dispose()
    {
        _pool.Dispose();
        GC.SuppressFinalize(this);
    }
}
