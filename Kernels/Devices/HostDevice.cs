using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>A device whose memory is the processor's own: copies are plain copies, and nothing is asynchronous.</summary>
/// <param name="memory">Where its buffers come from; the processor can reach all of it.</param>
public abstract unsafe class HostDevice(IMemory memory) : Device(memory)
{
    protected HostDevice() : this(new HostMemory()) { }

    public override void Upload<T>(ReadOnlySpan<T> from, ArrayView<T> to) => from.CopyTo(Span(to, from.Length));

    public override void Download<T>(ArrayView<T> from, Span<T> to) => Span(from, to.Length).CopyTo(to);

    public override void Copy(View from, View to) => Span(from, to.IntLength).CopyTo(Span(to, from.IntLength));

    public override void Fill(View x, float value) => Span(x, x.IntLength).Fill(value);

    public override void Synchronize() { }

    static Span<T> Span<T>(ArrayView<T> view, int length) where T : unmanaged =>
        view.Length == length ? new(view.Data, length) : throw new ShapeException($"copy: {length} elements on one side, {view.Length} on the other");
}
