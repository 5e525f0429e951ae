namespace IlgpuXai.Tests;

/// <summary>NumPy's broadcasting by coordinates: no strides, no merging.</summary>
static class Broadcasting
{
    public static int[] Shape(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        int[] result = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int da = At(a, rank, axis), db = At(b, rank, axis);
            result[axis] = da == 1 ? db : da;
        }
        return result;
    }

    /// <summary>For every element of the result: which element of the operand it comes from.</summary>
    public static int[] Sources(int[] operand, int[] result)
    {
        int[] sources = new int[result.Aggregate(1, (x, y) => x * y)];
        for (int i = 0; i < sources.Length; i++)
        {
            int rest = i, source = 0, size = 1;
            for (int axis = result.Length - 1; axis >= 0; axis--)
            {
                int coordinate = rest % result[axis], extent = At(operand, result.Length, axis);
                rest /= result[axis];
                if (extent > 1) source += coordinate * size;
                size *= extent;
            }
            sources[i] = source;
        }
        return sources;
    }

    static int At(int[] shape, int rank, int axis) => axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];
}
