using System.Collections.Concurrent;
using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per element of the result. Operands of one shape need no index arithmetic and have kernels of their own.</summary>
sealed class GpuBinary(IKernelRunner runner) : IBinaryKernels
{
    readonly ConcurrentDictionary<Type, object> _functions = new();

    public void Forward<F>(View a, View b, View y, BroadcastShape s) where F : struct, IBinary
    {
        Check(a, b, y, s);
        if (s.IsElementwise) Of<F>().Forward(s.Count, a, b, y);
        else Of<F>().ForwardBroadcast(s.Count, a, b, y, s);
    }

    public void BackwardA<F>(View a, View b, View dy, View da, BroadcastShape s) where F : struct, IBinary
    {
        Check(a, b, da, s);
        Expect.Length(dy, s.Count, "binary: dy");
        if (s.IsElementwise) Of<F>().BackwardA(s.Count, a, b, dy, da);
        else Of<F>().BackwardABroadcast(s.Count, a, b, dy, da, s);
    }

    public void BackwardB<F>(View a, View b, View dy, View db, BroadcastShape s) where F : struct, IBinary
    {
        Check(a, b, db, s);
        Expect.Length(dy, s.Count, "binary: dy");
        if (s.IsElementwise) Of<F>().BackwardB(s.Count, a, b, dy, db);
        else Of<F>().BackwardBBroadcast(s.Count, a, b, dy, db, s);
    }

    static void Check(View a, View b, View y, BroadcastShape s)
    {
        Expect.Length(a, s.ASize, "binary: a");
        Expect.Length(b, s.BSize, "binary: b");
        Expect.Length(y, s.Count, "binary: the result");
    }

    Function<F> Of<F>() where F : struct, IBinary => (Function<F>)_functions.GetOrAdd(typeof(F), static (_, runner) => new Function<F>(runner), runner);

    sealed class Function<F>(IKernelRunner runner) where F : struct, IBinary
    {
        public readonly Action<Index1D, View, View, View> Forward = runner.LoadAuto<View, View, View>(ForwardKernel);
        public readonly Action<Index1D, View, View, View, View> BackwardA = runner.LoadAuto<View, View, View, View>(BackwardAKernel);
        public readonly Action<Index1D, View, View, View, View> BackwardB = runner.LoadAuto<View, View, View, View>(BackwardBKernel);
        public readonly Action<Index1D, View, View, View, BroadcastShape> ForwardBroadcast = runner.LoadAuto<View, View, View, BroadcastShape>(ForwardBroadcastKernel);
        public readonly Action<Index1D, View, View, View, View, BroadcastShape> BackwardABroadcast = runner.LoadAuto<View, View, View, View, BroadcastShape>(BackwardABroadcastKernel);
        public readonly Action<Index1D, View, View, View, View, BroadcastShape> BackwardBBroadcast = runner.LoadAuto<View, View, View, View, BroadcastShape>(BackwardBBroadcastKernel);

        static void ForwardKernel(Index1D i, View a, View b, View y) => y[i] = F.Value(a[i], b[i]);
        static void BackwardAKernel(Index1D i, View a, View b, View dy, View da) => da[i] = F.SlopeA(a[i], b[i]) * dy[i];
        static void BackwardBKernel(Index1D i, View a, View b, View dy, View db) => db[i] = F.SlopeB(a[i], b[i]) * dy[i];

        static void ForwardBroadcastKernel(Index1D i, View a, View b, View y, BroadcastShape s) =>
            y[i] = F.Value(a[IndexA(i, s)], b[IndexB(i, s)]);

        static void BackwardABroadcastKernel(Index1D i, View a, View b, View dy, View da, BroadcastShape s) =>
            da[i] = F.SlopeA(a[IndexA(i, s)], b[IndexB(i, s)]) * dy[i];

        static void BackwardBBroadcastKernel(Index1D i, View a, View b, View dy, View db, BroadcastShape s) =>
            db[i] = F.SlopeB(a[IndexA(i, s)], b[IndexB(i, s)]) * dy[i];
    }

    static int IndexA(int i, BroadcastShape s)
    {
        int row = i / s.D3, plane = row / s.D2;
        return i % s.D3 * s.A3 + row % s.D2 * s.A2 + plane % s.D1 * s.A1 + plane / s.D1 * s.A0;
    }

    static int IndexB(int i, BroadcastShape s)
    {
        int row = i / s.D3, plane = row / s.D2;
        return i % s.D3 * s.B3 + row % s.D2 * s.B2 + plane % s.D1 * s.B1 + plane / s.D1 * s.B0;
    }
}
