using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>x [Outer, Length, Inner] → y [Outer, Inner]: the middle axis is reduced.</summary>
public readonly record struct ReduceShape(int Outer, int Length, int Inner)
{
    public int XSize => Outer * Length * Inner;
    public int YSize => Outer * Inner;
}

/// <summary>An associative operation with a neutral element: sum, maximum, minimum.</summary>
public interface IReduction
{
    static abstract float Neutral { get; }
    static abstract float Combine(float a, float b);
    static abstract Vector<float> Combine(Vector<float> a, Vector<float> b);
}

public interface IReduce
{
    /// <summary>y[o, i] ← scale · (x[o, 0, i] ∘ x[o, 1, i] ∘ …). Scale 1/Length makes a sum a mean.</summary>
    /// <remarks>The order of combination is fixed by the shape alone, never by the number of threads. Maximum and minimum let a NaN win.</remarks>
    void Along<R>(View x, View y, float scale, ReduceShape s) where R : struct, IReduction;

    /// <summary>index[o, i] ← position of the largest value along the reduced axis: the first of equals; the first NaN if there is one.</summary>
    void ArgMax(View x, IntView index, ReduceShape s);
}
