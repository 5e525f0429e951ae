using IlgpuXai.Kernels;
using View = ILGPU.ArrayView<float>;

namespace IlgpuXai.Tests;

/// <summary>The processor with a list of the convolution's and the matrix product's calls.</summary>
sealed class CountingDevice : HostDevice
{
    readonly CpuDevice _cpu = new(1);

    public CountingDevice()
    {
        Conv2d = new CountingConv2d(_cpu.Conv2d, Calls);
        MatMul = new CountingMatMul(_cpu.MatMul, Calls);
    }

    public List<string> Calls { get; } = [];

    public override string Name => "counting";
    public override string Description => "counts calls";
    public override IMatMul MatMul { get; }
    public override IConv2d Conv2d { get; }
    public override IPool2d Pool2d => _cpu.Pool2d;
    public override IBatchNorm BatchNorm => _cpu.BatchNorm;
    public override IUnaryKernels Unary => _cpu.Unary;
    public override IBinaryKernels Binary => _cpu.Binary;
    public override IReduce Reduce => _cpu.Reduce;
    public override ISoftmax Softmax => _cpu.Softmax;
    public override ISlice Slice => _cpu.Slice;
    public override IResize Resize => _cpu.Resize;
    public override IDropout Dropout => _cpu.Dropout;
    public override IOptimize Optimize => _cpu.Optimize;
    public override IOcclude Occlude => _cpu.Occlude;
    public override IPath Path => _cpu.Path;

    public override void Dispose()
    {
        _cpu.Dispose();
        base.Dispose();
    }

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
