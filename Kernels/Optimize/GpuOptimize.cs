using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>One thread per parameter.</summary>
sealed class GpuOptimize(IKernelRunner runner) : IOptimize
{
    readonly Action<Index1D, View, View, SgdCoefficients> _plain = runner.LoadAuto<View, View, SgdCoefficients>(PlainKernel);
    readonly Action<Index1D, View, View, View, SgdCoefficients> _velocity = runner.LoadAuto<View, View, View, SgdCoefficients>(VelocityKernel);
    readonly Action<Index1D, View, View, View, View, AdamCoefficients> _adam = runner.LoadAuto<View, View, View, View, AdamCoefficients>(AdamKernel);

    public void Sgd(View w, View dw, View velocity, SgdStep s)
    {
        Expect.Length(dw, w.Length, "sgd: dw");
        var k = new SgdCoefficients(s);
        if (k.Momentum == 0)
        {
            _plain(w.IntLength, w, dw, k);
            return;
        }
        Expect.Length(velocity, w.Length, "sgd: velocity");
        _velocity(w.IntLength, w, dw, velocity, k);
    }

    public void Adam(View w, View dw, View m, View v, AdamStep s)
    {
        Expect.Length(dw, w.Length, "adam: dw");
        Expect.Length(m, w.Length, "adam: m");
        Expect.Length(v, w.Length, "adam: v");
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Step, 1);
        _adam(w.IntLength, w, dw, m, v, new(s));
    }

    static void PlainKernel(Index1D i, View w, View dw, SgdCoefficients k) => w[i] -= k.Rate * (dw[i] + k.WeightDecay * w[i]);

    static void VelocityKernel(Index1D i, View w, View dw, View velocity, SgdCoefficients k)
    {
        float g = dw[i] + k.WeightDecay * w[i], v = WithoutSubnormals(k.Momentum * velocity[i] + g);
        velocity[i] = v;
        w[i] -= k.Rate * (k.OfGradient * g + k.OfVelocity * v);
    }

    static void AdamKernel(Index1D i, View w, View dw, View m, View v, AdamCoefficients k)
    {
        float g = dw[i] + k.AddedDecay * w[i];
        float mean = WithoutSubnormals(k.Beta1 * m[i] + k.OneMinusBeta1 * g);
        float square = WithoutSubnormals(k.Beta2 * v[i] + k.OneMinusBeta2 * g * g);
        m[i] = mean;
        v[i] = square;
        w[i] = k.KeptWeight * w[i] - k.StepSize * mean / (XMath.Sqrt(square) / k.RootCorrection + k.Eps);
    }

    static float WithoutSubnormals(float v) => XMath.Abs(v) < Subnormal.End ? 0f : v;
}
