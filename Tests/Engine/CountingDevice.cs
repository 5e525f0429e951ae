using IlgpuXai.Kernels;
using View = ILGPU.ArrayView<float>;

namespace IlgpuXai.Tests;

/// <summary>The processor with a list of the convolution's and the matrix product's calls.</summary>
sealed class CountingDevice : WrappedDevice
{
    public CountingDevice()
    {
        Conv2d = new CountingConv2d(base.Conv2d, Calls);
        MatMul = new CountingMatMul(base.MatMul, Calls);
    }

    public List<string> Calls { get; } = [];

    public override IMatMul MatMul { get; }
    public override IConv2d Conv2d { get; }

    sealed class CountingConv2d(IConv2d inner, List<string> calls) : IConv2d
    {
        public void Forward(View x, View w, View bias, View y, Conv2dShape s) { calls.Add("conv"); inner.Forward(x, w, bias, y, s); }
        public void BackwardInput(View dy, View w, View dx, Conv2dShape s) { calls.Add("conv dx"); inner.BackwardInput(dy, w, dx, s); }
        public void BackwardWeight(View x, View dy, View dw, Conv2dShape s) { calls.Add("conv dw"); inner.BackwardWeight(x, dy, dw, s); }
        public void BackwardBias(View dy, View db, Conv2dShape s) { calls.Add("conv db"); inner.BackwardBias(dy, db, s); }
    }

    sealed class CountingMatMul(IMatMul inner, List<string> calls) : IMatMul
    {
        public void Multiply(View a, View b, View c, MatMulShape s) { calls.Add(s.TransposeB ? "linear" : s.TransposeA ? "linear dw" : "linear dx"); inner.Multiply(a, b, c, s); }
    }
}
