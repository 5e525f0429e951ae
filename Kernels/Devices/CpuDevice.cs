using System.Runtime.Intrinsics;

namespace IlgpuXai.Kernels;

/// <summary>The processor: SIMD implementations of every family on a team of threads.</summary>
public sealed class CpuDevice : HostDevice
{
    readonly Team _team;

    /// <param name="threads">0 takes all cores.</param>
    public CpuDevice(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _team = new Team(threads == 0 ? Environment.ProcessorCount : threads);
        (MatMul, Conv2d) =
            Vector512.IsHardwareAccelerated ? (new CpuMatMul<Lanes512>(_team, this), new CpuConv2d<Lanes512>(_team, this)) :
            Vector256.IsHardwareAccelerated ? (new CpuMatMul<Lanes256>(_team, this), new CpuConv2d<Lanes256>(_team, this)) :
            ((IMatMul)new CpuMatMul<Lanes128>(_team, this), (IConv2d)new CpuConv2d<Lanes128>(_team, this));
        Pool2d = new CpuPool2d(_team);
        Unary = new CpuUnary(_team);
        Binary = new CpuBinary(_team);
        Reduce = new CpuReduce(_team);
        Softmax = new CpuSoftmax(_team);
        Slice = new CpuSlice(_team);
        Dropout = new CpuDropout(_team);
        Optimize = new CpuOptimize(_team);
        Occlude = new CpuOcclude(_team);
        Path = new CpuPath(_team);
        BatchNorm = new CpuBatchNorm(_team);
        Resize = new CpuResize(_team);
    }

    public override string Name => "cpu";
    public override string Description => $"{_team.Size} threads, {VectorBits}-bit vectors";

    public override IMatMul MatMul { get; }
    public override IConv2d Conv2d { get; }
    public override IPool2d Pool2d { get; }
    public override IBatchNorm BatchNorm { get; }
    public override IUnaryKernels Unary { get; }
    public override IBinaryKernels Binary { get; }
    public override IReduce Reduce { get; }
    public override ISoftmax Softmax { get; }
    public override ISlice Slice { get; }
    public override IResize Resize { get; }
    public override IDropout Dropout { get; }
    public override IOptimize Optimize { get; }
    public override IOcclude Occlude { get; }
    public override IPath Path { get; }

    static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public override void Dispose()
    {
        base.Dispose();
        _team.Dispose();
    }
}
