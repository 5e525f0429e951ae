using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuOptimize(Team team) : IOptimize
{
    public void Sgd(View w, View dw, View velocity, SgdStep s)
    {
        Expect.Length(dw, w.Length, "sgd: dw");
        if ((float)s.Momentum != 0) Expect.Length(velocity, w.Length, "sgd: velocity");
        var k = new SgdCoefficients(s);
        team.For(w.Length, Team.Grain, (from, to) =>
        {
            if (k.Momentum == 0) Plain(w.Data + from, dw.Data + from, to - from, k);
            else WithVelocity(w.Data + from, dw.Data + from, velocity.Data + from, to - from, k);
        });
    }

    public void Adam(View w, View dw, View m, View v, AdamStep s)
    {
        Expect.Length(dw, w.Length, "adam: dw");
        Expect.Length(m, w.Length, "adam: m");
        Expect.Length(v, w.Length, "adam: v");
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Step, 1);
        var k = new AdamCoefficients(s);
        team.For(w.Length, Team.Grain, (from, to) => Adam(w.Data + from, dw.Data + from, m.Data + from, v.Data + from, to - from, k));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Plain(float* w, float* dw, long count, SgdCoefficients k)
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - width; i += width) Vector.Store(Step(Vector.Load(w + i), Vector.Load(dw + i)), w + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(Step(VectorTail.Load(w + i, rest), VectorTail.Load(dw + i, rest)), w + i, rest);

        Vector<float> Step(Vector<float> w, Vector<float> g) => w - (g + w * k.WeightDecay) * k.Rate;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WithVelocity(float* w, float* dw, float* velocity, long count, SgdCoefficients k)
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<float> a = Vector.Load(w + i), v = Vector.Load(velocity + i);
            Step(ref a, Vector.Load(dw + i), ref v, k);
            Vector.Store(a, w + i);
            Vector.Store(v, velocity + i);
        }
        int rest = (int)(count - i);
        if (rest == 0) return;
        Vector<float> lastW = VectorTail.Load(w + i, rest), lastV = VectorTail.Load(velocity + i, rest);
        Step(ref lastW, VectorTail.Load(dw + i, rest), ref lastV, k);
        VectorTail.Store(lastW, w + i, rest);
        VectorTail.Store(lastV, velocity + i, rest);

        static void Step(ref Vector<float> w, Vector<float> g, ref Vector<float> v, SgdCoefficients k)
        {
            g += w * k.WeightDecay;
            v = WithoutSubnormals(v * k.Momentum + g);
            w -= (g * k.OfGradient + v * k.OfVelocity) * k.Rate;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Adam(float* w, float* dw, float* m, float* v, long count, AdamCoefficients k)
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<float> a = Vector.Load(w + i), b = Vector.Load(m + i), c = Vector.Load(v + i);
            Step(ref a, Vector.Load(dw + i), ref b, ref c, k);
            Vector.Store(a, w + i);
            Vector.Store(b, m + i);
            Vector.Store(c, v + i);
        }
        int rest = (int)(count - i);
        if (rest == 0) return;
        Vector<float> lastW = VectorTail.Load(w + i, rest), lastM = VectorTail.Load(m + i, rest), lastV = VectorTail.Load(v + i, rest);
        Step(ref lastW, VectorTail.Load(dw + i, rest), ref lastM, ref lastV, k);
        VectorTail.Store(lastW, w + i, rest);
        VectorTail.Store(lastM, m + i, rest);
        VectorTail.Store(lastV, v + i, rest);

        static void Step(ref Vector<float> w, Vector<float> g, ref Vector<float> m, ref Vector<float> v, AdamCoefficients k)
        {
            g += w * k.AddedDecay;
            m = WithoutSubnormals(m * k.Beta1 + g * k.OneMinusBeta1);
            v = WithoutSubnormals(v * k.Beta2 + g * g * k.OneMinusBeta2);
            var root = Vector.SquareRoot(v) / new Vector<float>(k.RootCorrection) + new Vector<float>(k.Eps);
            w = w * k.KeptWeight - m * k.StepSize / root;
        }
    }

    static Vector<float> WithoutSubnormals(Vector<float> v) => Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(v), new(Subnormal.End)), Vector<float>.Zero, v);
}
