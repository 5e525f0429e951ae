using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Functions of each element.</summary>
public static class UnaryOps
{
    /// <summary>max(x, 0); gradient 0 at the kink.</summary>
    public static Tensor Relu(this Tensor x) => x.Map<Kernels.Relu>();

    public static Tensor Sigmoid(this Tensor x) => x.Map<Sigmoid>();
    public static Tensor Tanh(this Tensor x) => x.Map<Tanh>();

    /// <summary>x·Φ(x), Φ the normal distribution function.</summary>
    public static Tensor Gelu(this Tensor x) => x.Map<Gelu>();

    /// <summary>x·σ(x).</summary>
    public static Tensor Silu(this Tensor x) => x.Map<Silu>();

    /// <summary>log(1 + eˣ).</summary>
    public static Tensor Softplus(this Tensor x) => x.Map<Softplus>();

    public static Tensor Exp(this Tensor x) => x.Map<Exp>();
    public static Tensor Log(this Tensor x) => x.Map<Log>();
    public static Tensor Sqrt(this Tensor x) => x.Map<Sqrt>();
    public static Tensor Square(this Tensor x) => x.Map<Square>();
    public static Tensor Abs(this Tensor x) => x.Map<Abs>();
    public static Tensor Negate(this Tensor x) => x.Map<Negate>();
    public static Tensor Reciprocal(this Tensor x) => x.Map<Reciprocal>();

    /// <summary>scale·x + shift.</summary>
    public static Tensor Affine(this Tensor x, float scale, float shift = 0)
    {
        var device = x.Device;
        return device.Compute(x.Shape, y => device.Unary.Affine(x.View, y, scale, shift)).DependsOn(
            (x, dy => device.Compute(x.Shape, dx => device.Unary.Affine(dy.View, dx, scale, 0))));
    }

    /// <summary>F(x), for any function written as a kernel.</summary>
    public static Tensor Map<F>(this Tensor x) where F : struct, IUnary
    {
        var (device, unary) = (x.Device, x.Device.Unary);
        var y = device.Compute(x.Shape, y => unary.Forward<F>(x.View, y));
        return y.DependsOn((x, dy => device.Compute(x.Shape, dx => unary.Backward<F>(x.View, y.View, dy.View, dx)))).By(new UnaryOperation(typeof(F)));
    }
}
