using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per element of the points, or of the sum.</summary>
sealed class GpuPath(IKernelRunner runner) : IPath
{
    readonly Action<Index1D, View, View, View, View, int> _interpolate = runner.LoadAuto<View, View, View, View, int>(InterpolateKernel);
    readonly Action<Index1D, View, View, View> _weightedSum = runner.LoadAuto<View, View, View>(WeightedSumKernel);

    public void Interpolate(View x, View baseline, View alphas, View points, int count)
    {
        int each = PathShape.CheckInterpolate(x, baseline, alphas, points, count);
        if (each > 0) _interpolate(points.IntLength, x, baseline, alphas, points, each);
    }

    public void WeightedSum(View values, View weights, View sum)
    {
        PathShape.CheckWeightedSum(values, weights, sum);
        _weightedSum(sum.IntLength, values, weights, sum);
    }

    static void InterpolateKernel(Index1D i, View x, View baseline, View alphas, View points, int each)
    {
        int j = i % x.IntLength;
        float a = alphas[i / x.IntLength * each + j % each];
        points[i] = a * x[j] + (1f - a) * baseline[j];
    }

    static void WeightedSumKernel(Index1D j, View values, View weights, View sum)
    {
        float result = 0f;
        for (int i = 0; i < weights.IntLength; i++) result += weights[i] * values[i * sum.IntLength + j];
        sum[j] = result;
    }
}
