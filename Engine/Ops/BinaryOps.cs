using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Functions of two tensors, with NumPy's broadcasting: axes are aligned at the right; equal, or 1 on one side.</summary>
public static class BinaryOps
{
    extension(Tensor)
    {
        public static Tensor operator +(Tensor a, Tensor b) => Combine<Add>(a, b, (a, dy => dy.SumTo(a.Shape)), (b, dy => dy.SumTo(b.Shape)));
        public static Tensor operator -(Tensor a, Tensor b) => Combine<Subtract>(a, b, (a, dy => dy.SumTo(a.Shape)), (b, dy => dy.SumTo(b.Shape).Affine(-1)));
        public static Tensor operator *(Tensor a, Tensor b) => a.Combine<Multiply>(b);
        public static Tensor operator /(Tensor a, Tensor b) => a.Combine<Divide>(b);
        public static Tensor operator -(Tensor a) => a.Affine(-1);
        public static Tensor operator +(Tensor a, float b) => a.Affine(1, b);
        public static Tensor operator -(Tensor a, float b) => a.Affine(1, -b);
        public static Tensor operator *(Tensor a, float b) => a.Affine(b);
        public static Tensor operator *(float a, Tensor b) => b.Affine(a);
        public static Tensor operator /(Tensor a, float b) => a.Affine(1 / b);
    }

    /// <summary>The larger of a and b; a tie shares the gradient.</summary>
    public static Tensor Maximum(this Tensor a, Tensor b) => a.Combine<Maximum>(b);

    /// <summary>The smaller of a and b; a tie shares the gradient.</summary>
    public static Tensor Minimum(this Tensor a, Tensor b) => a.Combine<Minimum>(b);

    public static Tensor Power(this Tensor a, Tensor b) => a.Combine<Power>(b);

    /// <summary>F(a, b), for any function written as a kernel.</summary>
    public static Tensor Combine<F>(this Tensor a, Tensor b) where F : struct, IBinary
    {
        var s = BroadcastShape.Of(a.Shape.Sizes, b.Shape.Sizes);
        var (device, binary) = (a.Device, a.Device.Binary);
        return Combine<F>(a, b,
            (a, dy => device.Compute(dy.Shape, da => binary.BackwardA<F>(a.View, b.View, dy.View, da, s)).SumTo(a.Shape)),
            (b, dy => device.Compute(dy.Shape, db => binary.BackwardB<F>(a.View, b.View, dy.View, db, s)).SumTo(b.Shape)));
    }

    static Tensor Combine<F>(Tensor a, Tensor b, Edge toA, Edge toB) where F : struct, IBinary
    {
        var s = BroadcastShape.Of(a.Shape.Sizes, b.Shape.Sizes);
        return a.Device.Compute(Broadcast(a.Shape, b.Shape), y => a.Device.Binary.Forward<F>(a.View, b.View, y, s)).DependsOn(toA, toB).By(new BinaryOperation(typeof(F)));
    }

    static Shape Broadcast(Shape a, Shape b)
    {
        var sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            int da = i <= a.Rank ? a[^i] : 1, db = i <= b.Rank ? b[^i] : 1;
            sizes[^i] = da == 1 ? db : da;
        }
        return Shape.Create(sizes);
    }
}
