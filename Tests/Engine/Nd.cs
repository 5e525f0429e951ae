namespace IlgpuXai.Tests;

/// <summary>Doubles addressed by coordinates: the language in which operations are defined for the tests.</summary>
sealed class Nd(int[] shape, double[] values)
{
    public int[] Shape => shape;
    public double[] Values => values;

    public double this[params ReadOnlySpan<int> at]
    {
        get
        {
            int index = 0;
            for (int axis = 0; axis < shape.Length; axis++) index = index * shape[axis] + at[axis];
            return values[index];
        }
    }

    /// <summary>The array whose element at each coordinate is f(coordinate).</summary>
    public static Nd From(int[] shape, Func<int[], double> f)
    {
        var values = new double[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++) values[i] = f(Coordinates(i, shape));
        return new(shape, values);
    }

    public Nd Map(Func<double, double> f) => new(shape, Array.ConvertAll(values, v => f(v)));

    static int[] Coordinates(int index, int[] shape)
    {
        var at = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--) (index, at[axis]) = (index / shape[axis], index % shape[axis]);
        return at;
    }
}
