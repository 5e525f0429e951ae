using IlgpuXai.Simt;

namespace IlgpuXai.Kernels;

/// <summary>The kernels of GPUs, run by the processor thread by thread: slow, and right on every machine.</summary>
public sealed class SimtDevice : HostDevice
{
    readonly int _threads;
    readonly SimtMode _mode;

    /// <param name="threads">0 takes all cores.</param>
    /// <param name="mode"><see cref="SimtMode.Checked"/> also looks for races and for reads of memory never written.</param>
    public SimtDevice(int threads = 0, SimtMode mode = SimtMode.Fast)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (_threads, _mode) = (threads == 0 ? Environment.ProcessorCount : threads, mode);
        var runner = new SimtRunner(mode, _threads);
        Unary = new GpuUnary(runner);
        Binary = new GpuBinary(runner);
        Reduce = new GpuReduce(runner, this);
        MatMul = new GpuMatMul(runner);
        Conv2d = new GpuConv2d(runner, this);
        Pool2d = new GpuPool2d(runner);
        BatchNorm = new GpuBatchNorm(runner);
        Resize = new GpuResize(runner);
        Softmax = new GpuSoftmax(runner);
        Slice = new GpuSlice(runner);
        Dropout = new GpuDropout(runner);
        Optimize = new GpuOptimize(runner);
        Occlude = new GpuOcclude(runner);
        Path = new GpuPath(runner);
    }

    public override string Name => "simt";
    public override string Description => $"GPU kernels emulated on {_threads} threads{(_mode == SimtMode.Checked ? ", checked" : "")}";

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
}
