namespace IlgpuXai.Kernels;

/// <summary>x [Planes, H, W] → y [Planes, P, Q].</summary>
public readonly record struct ResizeShape(int Planes, int H, int W, int P, int Q);

/// <summary>Resampling of images without antialiasing, as PyTorch's interpolate.</summary>
public interface IResize
{
    /// <summary>Bilinear, align_corners = false: source row h = max((p + ½)·H/P − ½, 0), likewise columns; neighbours are clamped to the image.</summary>
    void BilinearForward(View x, View y, ResizeShape s);

    void BilinearBackward(View dy, View dx, ResizeShape s);

    /// <summary>y[p, q] = x[⌊p·H/P⌋, ⌊q·W/Q⌋] (PyTorch's "nearest"), the floor of an exact integer division.</summary>
    void NearestForward(View x, View y, ResizeShape s);

    void NearestBackward(View dy, View dx, ResizeShape s);
}
