using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuUnary(Team team) : IUnaryKernels
{
    public void Forward<F>(View x, View y) where F : struct, IUnary
    {
        Expect.Length(y, x.Length, "unary: y");
        team.For(x.Length, Team.Grain, (from, to) => Values<F>(x.Data + from, y.Data + from, to - from));
    }

    public void Backward<F>(View x, View y, View dy, View dx) where F : struct, IUnary
    {
        if (F.SlopeReadsX) Expect.Length(x, dy.Length, "unary: x");
        if (F.SlopeReadsY) Expect.Length(y, dy.Length, "unary: y");
        Expect.Length(dx, dy.Length, "unary: dx");
        // What the slope does not read is replaced by dy, which is read anyway: the loop then loads from valid memory and costs no traffic.
        float* px = F.SlopeReadsX ? x.Data : dy.Data, py = F.SlopeReadsY ? y.Data : dy.Data;
        team.For(dy.Length, Team.Grain, (from, to) => Gradients<F>(px + from, py + from, dy.Data + from, dx.Data + from, to - from));
    }

    public void Affine(View x, View y, float scale, float shift)
    {
        Expect.Length(y, x.Length, "affine: y");
        team.For(x.Length, Team.Grain, (from, to) => ScaleShift(x.Data + from, y.Data + from, to - from, scale, shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Values<F>(float* x, float* y, long count) where F : struct, IUnary
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            var a = F.Value(Vector.Load(x + i));
            var b = F.Value(Vector.Load(x + i + width));
            var c = F.Value(Vector.Load(x + i + 2 * width));
            var d = F.Value(Vector.Load(x + i + 3 * width));
            Vector.Store(a, y + i);
            Vector.Store(b, y + i + width);
            Vector.Store(c, y + i + 2 * width);
            Vector.Store(d, y + i + 3 * width);
        }
        for (; i <= count - width; i += width) Vector.Store(F.Value(Vector.Load(x + i)), y + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(F.Value(VectorTail.Load(x + i, rest)), y + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gradients<F>(float* x, float* y, float* dy, float* dx, long count) where F : struct, IUnary
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            var a = F.Slope(Vector.Load(x + i), Vector.Load(y + i)) * Vector.Load(dy + i);
            var b = F.Slope(Vector.Load(x + i + width), Vector.Load(y + i + width)) * Vector.Load(dy + i + width);
            Vector.Store(a, dx + i);
            Vector.Store(b, dx + i + width);
        }
        for (; i <= count - width; i += width) Vector.Store(F.Slope(Vector.Load(x + i), Vector.Load(y + i)) * Vector.Load(dy + i), dx + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(F.Slope(VectorTail.Load(x + i, rest), VectorTail.Load(y + i, rest)) * VectorTail.Load(dy + i, rest), dx + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScaleShift(float* x, float* y, long count, float scale, float shift)
    {
        int width = Vector<float>.Count;
        var (s, t) = (new Vector<float>(scale), new Vector<float>(shift));
        long i = 0;
        for (; i <= count - width; i += width) Vector.Store(Vector.MultiplyAddEstimate(Vector.Load(x + i), s, t), y + i);
        int rest = (int)(count - i);
        if (rest > 0) VectorTail.Store(Vector.MultiplyAddEstimate(VectorTail.Load(x + i, rest), s, t), y + i, rest);
    }
}
