using System.Collections.Concurrent;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per element.</summary>
sealed class GpuUnary(IKernelRunner runner) : IUnaryKernels
{
    readonly ConcurrentDictionary<Type, object> _functions = new();
    readonly Action<Index1D, View, View, float, float> _affine = runner.LoadAuto<View, View, float, float>(AffineKernel);

    public void Forward<F>(View x, View y) where F : struct, IUnary
    {
        Expect.Length(y, x.Length, "unary: y");
        Of<F>().Forward(x.IntLength, x, y);
    }

    public void Backward<F>(View x, View y, View dy, View dx) where F : struct, IUnary
    {
        if (F.SlopeReadsX) Expect.Length(x, dy.Length, "unary: x");
        if (F.SlopeReadsY) Expect.Length(y, dy.Length, "unary: y");
        Expect.Length(dx, dy.Length, "unary: dx");
        Of<F>().Backward(dy.IntLength, x, y, dy, dx);
    }

    public void Affine(View x, View y, float scale, float shift)
    {
        Expect.Length(y, x.Length, "affine: y");
        _affine(x.IntLength, x, y, scale, shift);
    }

    static void AffineKernel(Index1D i, View x, View y, float scale, float shift) => y[i] = scale * x[i] + shift;

    Function<F> Of<F>() where F : struct, IUnary => (Function<F>)_functions.GetOrAdd(typeof(F), static (_, runner) => new Function<F>(runner), runner);

    sealed class Function<F>(IKernelRunner runner) where F : struct, IUnary
    {
        public readonly Action<Index1D, View, View> Forward = runner.LoadAuto<View, View>(ForwardKernel);
        public readonly Action<Index1D, View, View, View, View> Backward = runner.LoadAuto<View, View, View, View>(BackwardKernel);

        static void ForwardKernel(Index1D i, View x, View y) => y[i] = F.Value(x[i]);

        static void BackwardKernel(Index1D i, View x, View y, View dy, View dx) =>
            dx[i] = F.Slope(F.SlopeReadsX ? x[i] : 0f, F.SlopeReadsY ? y[i] : 0f) * dy[i];
    }
}
