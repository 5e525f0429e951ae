namespace IlgpuXai.Kernels;

/// <summary>2-D pooling of planes: largest values, means over windows of one size, means over windows that share the image out; and their gradients.</summary>
public interface IPool2d
{
    /// <summary>y ← the largest value of each window, argmax ← its index in the plane (row·W + column).</summary>
    /// <remarks>The first of equal values wins; padding never wins; the first NaN of a window wins over every number (in PyTorch a NaN wins too, but the last one).</remarks>
    void MaxForward(View x, View y, IntView argmax, Pool2dShape s);

    /// <summary>dx[i] ← Σ of dy over the windows whose argmax is i (gathered, in ascending order of windows).</summary>
    void MaxBackward(View dy, IntView argmax, View dx, Pool2dShape s);

    /// <summary>y ← Σ of each window / (R·S): padding counts as zeros (PyTorch's count_include_pad, its default).</summary>
    void AverageForward(View x, View y, Pool2dShape s);

    /// <summary>dx[i] ← Σ of dy / (R·S) over the windows that cover i.</summary>
    void AverageBackward(View dy, View dx, Pool2dShape s);

    /// <summary>y ← mean of each adaptive window.</summary>
    void AdaptiveAverageForward(View x, View y, AdaptivePoolShape s);

    /// <summary>dx[i] ← Σ of dy / (pixels of the window) over the adaptive windows that cover i.</summary>
    void AdaptiveAverageBackward(View dy, View dx, AdaptivePoolShape s);
}
