using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Sums, means and extremes over axes.</summary>
/// <remarks>No axes means all of them; −1 is the last. With keepDim the reduced axes stay, of size 1.</remarks>
public static class ReductionOps
{
    public static Tensor Sum(this Tensor x, ReadOnlySpan<int> axes = default, bool keepDim = false) => x.Total(axes, keepDim, mean: false);

    /// <summary>NaN over nothing.</summary>
    public static Tensor Mean(this Tensor x, ReadOnlySpan<int> axes = default, bool keepDim = false) => x.Total(axes, keepDim, mean: true);

    /// <summary>The largest value; a NaN wins; equals share the gradient (PyTorch's amax).</summary>
    public static Tensor Max(this Tensor x, ReadOnlySpan<int> axes = default, bool keepDim = false)
    {
        var reduced = Reduced(x.Shape, axes);
        var kept = Kept(x.Shape, reduced);
        using var scope = x.Device.Scope();
        var y = Along<Maximum>(x, reduced).Part(kept, 0);
        y.DependsOn((x, dy =>
        {
            // The slope of max(x, y) is 1/2 where x is the largest value itself, else 0: shared out, they sum to 1.
            using var one = x.Device.Full(x.Shape, 1);
            var s = BroadcastShape.Of(x.Shape.Sizes, kept.Sizes);
            var share = x.Device.Compute(x.Shape, m => x.Device.Binary.BackwardA<Maximum>(x.View, y.View, one.View, m, s));
            return share * (dy / share.SumTo(kept));
        }));
        return scope.Keep(keepDim ? y : y.Reshape(Dropped(x.Shape, reduced).Sizes));
    }

    /// <summary>The gradient of broadcasting: sums over the axes along which <paramref name="shape"/> was repeated. The tensor itself if there are none.</summary>
    internal static Tensor SumTo(this Tensor x, Shape shape)
    {
        if (x.Shape == shape) return x;
        var reduced = new bool[x.Shape.Rank];
        int missing = x.Shape.Rank - shape.Rank;
        for (int axis = 0; axis < reduced.Length; axis++)
            reduced[axis] = axis < missing || (shape[axis - missing] == 1 && x.Shape[axis] != 1);
        return Along<Sum>(x, reduced).Part(shape, 0);
    }

    static Tensor Total(this Tensor x, ReadOnlySpan<int> axes, bool keepDim, bool mean)
    {
        var reduced = Reduced(x.Shape, axes);
        var kept = Kept(x.Shape, reduced);
        float scale = mean ? 1f / (x.Shape.Elements / Math.Max(kept.Elements, 1)) : 1;
        using var scope = x.Device.Scope();
        var y = Along<Sum>(x, reduced, scale).Part(keepDim ? kept : Dropped(x.Shape, reduced), 0);
        return scope.Keep(y.DependsOn((x, dy => (mean ? dy.Affine(scale) : dy).Part(kept, 0).Expand(x.Shape))));
    }

    /// <summary>A copy repeated along the axes where this one has size 1.</summary>
    static Tensor Expand(this Tensor x, Shape shape) => x.Device.Compute(shape, y =>
    {
        x.Device.Fill(y, 0);
        x.Device.Binary.Forward<Add>(x.View, y, y, BroadcastShape.Of(x.Shape.Sizes, shape.Sizes));
    });

    /// <summary>Reduces runs of neighbouring axes, one kernel each, innermost first; of the result's shape only the size means something.</summary>
    static Tensor Along<R>(Tensor x, bool[] reduced, float scale = 1) where R : struct, IReduction
    {
        int[] sizes = x.Shape.Sizes.ToArray();
        for (int end = reduced.Length; end > 0; end--)
        {
            if (!reduced[end - 1]) continue;
            int start = end;
            while (start > 0 && reduced[start - 1]) start--;
            var now = Shape.Create(sizes);
            var s = new ReduceShape(now.Product(..start), now.Product(start..end), now.Product(end..));
            var (from, factor) = (x, scale);
            x = x.Device.Compute([s.Outer, s.Inner], y => from.Device.Reduce.Along<R>(from.View, y, factor, s));
            sizes.AsSpan(start..end).Fill(1);
            (scale, end) = (1, start + 1);
        }
        return x.Detach();
    }

    static bool[] Reduced(Shape x, ReadOnlySpan<int> axes)
    {
        var reduced = new bool[x.Rank];
        if (axes.IsEmpty) reduced.AsSpan().Fill(true);
        foreach (int axis in axes) reduced[x.Axis(axis)] = true;
        return reduced;
    }

    static Shape Kept(Shape x, bool[] reduced) => Shape.Create([.. reduced.Select((r, axis) => r ? 1 : x[axis])]);

    static Shape Dropped(Shape x, bool[] reduced) => Shape.Create([.. x.Sizes.ToArray().Where((_, axis) => !reduced[axis])]);
}
