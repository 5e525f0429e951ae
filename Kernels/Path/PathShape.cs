namespace IlgpuXai.Kernels;

/// <summary>The sizes of a path follow from its views: so many points of Size numbers.</summary>
static class PathShape
{
    /// <summary>How many alphas a point has; 0 where nothing is to be done.</summary>
    public static int CheckInterpolate(View x, View baseline, View alphas, View points, int count)
    {
        Expect.Length(baseline, x.Length, "path: baseline");
        Expect.Length(points, count * x.Length, "path: points");
        if (points.Length == 0) return 0;
        long each = alphas.Length / count;
        if (each * count != alphas.Length || each == 0 || x.Length % each != 0) throw new ShapeException($"path: {alphas.Length} alphas for {count} points of {x.Length}");
        return (int)each;
    }

    public static void CheckWeightedSum(View values, View weights, View sum) => Expect.Length(values, weights.Length * sum.Length, "path: values");
}
