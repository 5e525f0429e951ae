namespace IlgpuXai.Kernels;

/// <summary>The sizes of a path follow from its views: n points of Size numbers.</summary>
static class PathShape
{
    public static void CheckInterpolate(View x, View baseline, View alphas, View points)
    {
        Expect.Length(baseline, x.Length, "path: baseline");
        Expect.Length(points, alphas.Length * x.Length, "path: points");
    }

    public static void CheckWeightedSum(View values, View weights, View sum) => Expect.Length(values, weights.Length * sum.Length, "path: values");
}
