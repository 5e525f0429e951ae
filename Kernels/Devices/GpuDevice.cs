namespace IlgpuXai.Kernels;

/// <summary>A device that runs the GPU kernels of every family: all that differs is what runs them and where the memory is.</summary>
public abstract class GpuDevice : Device
{
    protected GpuDevice(IMemory memory, IKernelRunner runner) : this(new AddressedMemory(memory), runner) { }

    protected GpuDevice(IViewMemory memory, IKernelRunner runner) : base(memory)
    {
        Runner = runner;
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

    /// <summary>Runs kernels on this device, those of the families and others.</summary>
    public IKernelRunner Runner { get; }

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
