using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>A differentiable function of two numbers.</summary>
public interface IBinary
{
    static abstract float Value(float a, float b);

    /// <summary>∂Value/∂a and ∂Value/∂b.</summary>
    static abstract float SlopeA(float a, float b);
    static abstract float SlopeB(float a, float b);

    static abstract Vector<float> Value(Vector<float> a, Vector<float> b);
    static abstract Vector<float> SlopeA(Vector<float> a, Vector<float> b);
    static abstract Vector<float> SlopeB(Vector<float> a, Vector<float> b);
}

/// <summary>y [D0, D1, D2, D3] row-major; an operand's stride is 0 along an axis it is broadcast over.</summary>
/// <remarks>Merge neighbouring axes first (<see cref="Of"/> does): a plain elementwise call then is one axis long.</remarks>
public readonly record struct BroadcastShape
{
    public readonly int D0, D1, D2, D3, A0, A1, A2, A3, B0, B1, B2, B3;

    /// <summary>Elements that each operand holds.</summary>
    public readonly int ASize, BSize;

    BroadcastShape(ReadOnlySpan<int> d, ReadOnlySpan<int> a, ReadOnlySpan<int> b, int sizeA, int sizeB)
    {
        (D0, D1, D2, D3) = (d[0], d[1], d[2], d[3]);
        (A0, A1, A2, A3) = (a[0], a[1], a[2], a[3]);
        (B0, B1, B2, B3) = (b[0], b[1], b[2], b[3]);
        (ASize, BSize, Count) = (sizeA, sizeB, Expect.Elements("broadcast: y", d));
    }

    /// <summary>Elements of y.</summary>
    public readonly int Count;

    /// <summary>Neither operand is stretched: element i of the result comes from element i of both.</summary>
    public bool IsElementwise => ASize == Count && BSize == Count;

    /// <summary>NumPy's rules: axes are aligned at the right; equal, or 1 on one side.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast, need more than four axes after merging, or are too large for 32 bits.</exception>
    public static BroadcastShape Of(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int rank = Math.Max(a.Length, b.Length), sizeA = Expect.Elements("broadcast: a", a), sizeB = Expect.Elements("broadcast: b", b);
        List<(int D, int A, int B)> axes = [];                        // innermost first
        int strideA = 1, strideB = 1;
        for (int i = 1; i <= rank; i++)
        {
            int da = i <= a.Length ? a[^i] : 1, db = i <= b.Length ? b[^i] : 1;
            if (da != db && da != 1 && db != 1)
                throw new ShapeException($"broadcast: [{string.Join(", ", a.ToArray())}] and [{string.Join(", ", b.ToArray())}] differ in an axis where neither is 1");
            int d = da == 1 ? db : da;
            (int sa, int sb) = (da == 1 ? 0 : strideA, db == 1 ? 0 : strideB);
            (strideA, strideB) = (strideA * da, strideB * db);
            if (d == 1) continue;
            if (axes.Count > 0 && axes[^1] is var inner && sa == inner.A * inner.D && sb == inner.B * inner.D)
                axes[^1] = (Expect.Elements("broadcast: y", inner.D, d), inner.A, inner.B);
            else
                axes.Add((d, sa, sb));
        }
        if (axes.Count > 4) throw new ShapeException($"broadcast: [{string.Join(", ", a.ToArray())}] with [{string.Join(", ", b.ToArray())}] needs more than four axes");
        while (axes.Count < 4) axes.Add((1, 0, 0));
        axes.Reverse();
        return new([.. axes.Select(x => x.D)], [.. axes.Select(x => x.A)], [.. axes.Select(x => x.B)], sizeA, sizeB);
    }
}

/// <summary>Functions of two tensors, elementwise with broadcasting, and their gradients.</summary>
public interface IBinaryKernels
{
    /// <summary>y ← F(a, b) elementwise with broadcasting. y may be an operand that is not broadcast.</summary>
    void Forward<F>(View a, View b, View y, BroadcastShape s) where F : struct, IBinary;

    /// <summary>da ← ∂F/∂a · dy, in the shape of y: where a was broadcast, reduce afterwards.</summary>
    void BackwardA<F>(View a, View b, View dy, View da, BroadcastShape s) where F : struct, IBinary;

    /// <summary>db ← ∂F/∂b · dy, in the shape of y: where b was broadcast, reduce afterwards.</summary>
    void BackwardB<F>(View a, View b, View dy, View db, BroadcastShape s) where F : struct, IBinary;
}
