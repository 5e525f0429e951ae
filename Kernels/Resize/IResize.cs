namespace IlgpuXai.Kernels;

/// <summary>x [Planes, H, W] → y [Planes, P, Q].</summary>
public readonly record struct ResizeShape
{
    public readonly int Planes, H, W, P, Q;

    public ResizeShape(int planes, int H, int W, int P, int Q)
    {
        if (H < 1 || W < 1 || P < 1 || Q < 1) throw new ShapeException($"resize: cannot resample {H}×{W} to {P}×{Q}");
        (Planes, this.H, this.W, this.P, this.Q) = (planes, H, W, P, Q);
    }

    internal void Check(View x, View y, string xName, string yName)
    {
        Expect.Length(x, (long)Planes * H * W, xName);
        Expect.Length(y, (long)Planes * P * Q, yName);
    }
}

/// <summary>Resampling of images without antialiasing, as PyTorch's interpolate.</summary>
public interface IResize
{
    /// <summary>Bilinear, align_corners = false: source row h = max((p + ½)·H/P − ½, 0), likewise columns; neighbours are clamped to the image.</summary>
    void BilinearForward(View x, View y, ResizeShape s);

    /// <summary>dx ← each dy handed to its four source pixels, by the weights of <see cref="BilinearForward"/>.</summary>
    void BilinearBackward(View dy, View dx, ResizeShape s);

    /// <summary>y[p, q] = x[⌊p·H/P⌋, ⌊q·W/Q⌋] (PyTorch's "nearest"), the floor of an exact integer division.</summary>
    void NearestForward(View x, View y, ResizeShape s);

    /// <summary>dx ← each dy added to its source pixel.</summary>
    void NearestBackward(View dy, View dx, ResizeShape s);
}
