namespace IlgpuXai.Data;

/// <summary>An array of numbers with a shape, row-major: what one <c>.npy</c> file holds. An empty shape is a scalar.</summary>
public sealed class NpyArray
{
    readonly int[] _shape;

    /// <param name="values">bool[], a signed or unsigned integer array of 1, 2, 4 or 8 bytes, Half[], float[] or double[]; not copied.</param>
    /// <param name="shape">Sizes whose product is the length.</param>
    /// <exception cref="ArgumentException">Another element type, or a shape of another length.</exception>
    public NpyArray(Array values, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (NpyType.Of(values) is null) throw new ArgumentException($"npy: elements of type {values.GetType().GetElementType()?.Name} cannot be stored");
        long length = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            length = checked(length * size);
        }
        if (length != values.Length) throw new ArgumentException($"npy: the shape [{string.Join(", ", shape.ToArray())}] has {length} elements, the array {values.Length}");
        (Values, _shape) = (values, shape.ToArray());
    }

    public Array Values { get; }
    public IReadOnlyList<int> Shape => _shape;
    public int Length => Values.Length;

    /// <summary>The elements as they are stored, not copied.</summary>
    /// <exception cref="InvalidOperationException">They are of another type; <see cref="ToDoubles"/> converts.</exception>
    public T[] As<T>() => Values is T[] typed && Values.GetType() == typeof(T[])
        ? typed
        : throw new InvalidOperationException($"npy: the elements are {Values.GetType().GetElementType()!.Name}, not {typeof(T).Name}");

    /// <summary>Any element type as floats; double, and integers beyond 24 bits, are rounded. float[] comes back itself.</summary>
    public float[] ToFloats() => Values is float[] floats ? floats : Array.ConvertAll(ToDoubles(), v => (float)v);

    /// <summary>Any element type as doubles; integers beyond 53 bits are rounded. True is 1. double[] comes back itself.</summary>
    public double[] ToDoubles() => Values switch
    {
        double[] v => v,
        float[] v => Array.ConvertAll(v, x => (double)x),
        Half[] v => Array.ConvertAll(v, x => (double)x),
        bool[] v => Array.ConvertAll(v, x => x ? 1.0 : 0.0),
        _ => Integers(),
    };

    double[] Integers()
    {
        var doubles = new double[Length];
        for (int i = 0; i < doubles.Length; i++) doubles[i] = Convert.ToDouble(Values.GetValue(i));
        return doubles;
    }
}
