namespace IlgpuXai.Kernels;

/// <summary>What lies between a baseline and an input: points of the straight path for path-integrated explanations, masked images for perturbations.</summary>
public interface IPath
{
    /// <summary>points[i, j] ← a·x[j] + (1 − a)·baseline[j], a = alphas[i, j mod A]. x, baseline [Size]; alphas [count, A], A a divisor of Size; points [count, Size].</summary>
    /// <remarks>A = 1: points of a path. A = H·W: images [C, H, W] behind masks; 1 keeps a pixel's bits, 0 gives those of the baseline.</remarks>
    void Interpolate(View x, View baseline, View alphas, View points, int count);

    /// <summary>sum[j] ← Σᵢ weights[i]·values[i, j]. weights [n]; values [n, Size]; sum [Size].</summary>
    void WeightedSum(View values, View weights, View sum);
}
