using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Variants of images, whose scores a method asks for. Those that also are <see cref="ILocalVariants"/> differ from their image within a rectangle each.</summary>
abstract class Variants
{
    /// <summary>Of each image.</summary>
    public abstract int Count { get; }

    /// <summary>The variants first … first + count − 1 of those of the first image, of the second, …: [count, C, H, W].</summary>
    public abstract Tensor Images(int first, int count);
}

/// <summary>The image behind masks: where a mask is 1 the image stays, where it is 0 the baseline takes its place.</summary>
/// <param name="x">[1, C, H, W], as <paramref name="baseline"/>.</param>
abstract class MaskedVariants(Tensor x, Tensor baseline) : Variants
{
    protected Device Device => x.Device;
    protected int Height => x.Shape[2];
    protected int Width => x.Shape[3];

    public sealed override Tensor Images(int first, int count) =>
        Device.Compute(x.Shape.With(0, count), y => Device.Path.Interpolate(x.View, baseline.View, Masks(first, count).View, y, count));

    /// <summary>[count, H, W].</summary>
    public virtual Tensor Masks(int first, int count) => Device.Compute([count, Height, Width], masks =>
    {
        int plane = Height * Width;
        for (int i = 0; i < count; i++)
        {
            int variant = first + i;
            Device.Write(masks.SubView((long)i * plane, plane), mask => Paint(variant, mask));
        }
    });

    /// <summary>Writes the mask of one variant, [H, W].</summary>
    protected abstract void Paint(int variant, Span<float> mask);
}
