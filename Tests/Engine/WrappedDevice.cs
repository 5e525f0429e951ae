using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>The processor's operations on one thread, for tests that watch or replace a part of a device.</summary>
class WrappedDevice : Device
{
    readonly CpuDevice _cpu = new(1);

    public WrappedDevice() { }
    public WrappedDevice(IMemory memory) : base(memory) { }

    public override string Name => "wrapped";
    public override string Description => "the processor, wrapped";
    public override IMatMul MatMul => _cpu.MatMul;
    public override IConv2d Conv2d => _cpu.Conv2d;
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
}
