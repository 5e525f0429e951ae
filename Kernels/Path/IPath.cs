namespace IlgpuXai.Kernels;

/// <summary>Straight paths from a baseline to an input, for path-integrated explanations.</summary>
public interface IPath
{
    /// <summary>points[i] ← baseline + alphas[i]·(x − baseline). x, baseline [Size]; alphas [n]; points [n, Size].</summary>
    void Interpolate(View x, View baseline, View alphas, View points);

    /// <summary>sum[j] ← Σᵢ weights[i]·values[i, j]. weights [n]; values [n, Size]; sum [Size].</summary>
    void WeightedSum(View values, View weights, View sum);
}
